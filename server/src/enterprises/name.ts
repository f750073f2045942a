import { Refusal } from "../process/operator-error.ts";

const lengthMax = 200;

/** The operator's name for a record, trimmed. `subject` starts the sentence of a refusal. */
export function checkedName(subject: string, input: string): string {
  const name = input.normalize("NFC").trim();
  if (name === "") throw new Refusal(`${subject} needs a name.`);
  if (name.length > lengthMax)
    throw new Refusal(`The name has ${name.length} characters: at most ${lengthMax} are taken.`);
  if (/\p{Cc}/u.test(name)) throw new Refusal("The name holds a control character.");
  return name;
}
