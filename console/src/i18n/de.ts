import access from "../access/messages/de.json";
import account from "../account/messages/de.json";
import customFields from "../custom-fields/messages/de.json";
import customers from "../customers/messages/de.json";
import errors from "../errors/messages/de.json";
import imports from "../imports/messages/de.json";
import insight from "../insight/messages/de.json";
import shell from "../shell/messages/de.json";
import signIn from "../sign-in/messages/de.json";

export default { access, account, customFields, customers, errors, imports, insight, shell, signIn };
