import customFields from "../custom-fields/messages/de.json";
import customers from "../customers/messages/de.json";
import errors from "../errors/messages/de.json";
import shell from "../shell/messages/de.json";
import signIn from "../sign-in/messages/de.json";

export default { customFields, customers, errors, shell, signIn };
