import customFields from "../custom-fields/messages/en.json";
import customers from "../customers/messages/en.json";
import errors from "../errors/messages/en.json";
import shell from "../shell/messages/en.json";
import signIn from "../sign-in/messages/en.json";

export default { customFields, customers, errors, shell, signIn };
