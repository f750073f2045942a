/**
 * Something that the person at the terminal has to put right: a setting, a file, a name. The message is one
 * sentence for them, and all they are shown; what led to it is the cause.
 */
export class Refusal extends Error {
  override name = "Refusal";
}
