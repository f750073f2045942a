import access from "../access/messages/en.json";
import account from "../account/messages/en.json";
import customFields from "../custom-fields/messages/en.json";
import customers from "../customers/messages/en.json";
import errors from "../errors/messages/en.json";
import imports from "../imports/messages/en.json";
import insight from "../insight/messages/en.json";
import shell from "../shell/messages/en.json";
import signIn from "../sign-in/messages/en.json";

export default { access, account, customFields, customers, errors, imports, insight, shell, signIn };
