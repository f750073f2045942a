import access from "../access/messages/de.json";
import account from "../account/messages/de.json";
import fieldErrors from "../errors/faults/messages/de.json";
import imports from "../imports/messages/de.json";
import insight from "../insight/messages/de.json";
import first from "./initial.de.ts";

export default { ...first, access, account, fieldErrors, imports, insight };
