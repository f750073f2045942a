import { caseless } from "./choices.ts";

// English, German, French, Spanish, Italian, Dutch, Portuguese and Polish, including the words of their spreadsheets.
const on = "true 1 yes y x ✓ ✔ on ja j wahr oui vrai si sí verdadero vero waar sim verdadeiro tak prawda";
const off = "false 0 no n off nein falsch non faux falso nee onwaar não nao nie fałsz";

const answers = new Map([
  ...on.split(" ").map((word) => [caseless(word), "true"] as const),
  ...off.split(" ").map((word) => [caseless(word), "false"] as const),
]);

/** `"true"`, `"false"`, or null for a word that is neither. */
export const readCheckbox = (text: string): string | null => answers.get(caseless(text)) ?? null;
