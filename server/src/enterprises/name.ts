import { OperatorError } from "../process/operator-error.ts";

const lengthMax = 200;

/** The operator's name for a record, trimmed. `subject` starts the sentence of a refusal. */
export function checkedName(subject: string, input: string): string {
  const name = input.normalize("NFC").trim();
  if (name === "") throw new OperatorError(`${subject} needs a name.`);
  if (name.length > lengthMax)
    throw new OperatorError(`The name has ${name.length} characters: at most ${lengthMax} are taken.`);
  if (/\p{Cc}/u.test(name)) throw new OperatorError("The name holds a control character.");
  return name;
}
