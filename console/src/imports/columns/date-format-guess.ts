/** Guesses the date format of samples, or null. `3/4/1990` is ambiguous, so `monthFirst` decides. */
export function guessDateFormat(samples: readonly string[], monthFirst: boolean): string | null {
  const every = (pattern: RegExp) => samples.length > 0 && samples.every((sample) => pattern.test(sample));
  if (every(/^\d{1,2}\.\s?\d{1,2}\.\s?\d{4}$/)) return "DD.MM.YYYY";
  if (every(/^\d{1,2}\.\d{1,2}\.\d{2}$/)) return "DD.MM.YY";
  if (every(/^(19|20)\d{6}$/)) return "YYYYMMDD";
  if (every(/^\d{1,2}-\d{1,2}-\d{4}$/)) return "DD-MM-YYYY";
  if (!every(/^\d{1,2}\/\d{1,2}\/\d{4}$/)) return null;
  const parts = samples.map((sample) => sample.split("/").map(Number));
  if (parts.some(([first]) => first! > 12)) return "DD/MM/YYYY";
  if (parts.some(([, second]) => second! > 12)) return "MM/DD/YYYY";
  return monthFirst ? "MM/DD/YYYY" : "DD/MM/YYYY";
}
