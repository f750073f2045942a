import access from "../access/messages/en.json";
import account from "../account/messages/en.json";
import fieldErrors from "../errors/faults/messages/en.json";
import imports from "../imports/messages/en.json";
import insight from "../insight/messages/en.json";
import first from "./initial.en.ts";

/** All messages; their keys and arguments type `t()`. */
export default { ...first, access, account, fieldErrors, imports, insight };
