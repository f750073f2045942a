/** Texts with a message for each key, and none besides: a missing or unknown key does not compile. */
export type Exactly<Key extends string, Texts> = Readonly<Record<Key, string>> &
  Readonly<Record<Exclude<keyof Texts, Key>, never>>;
