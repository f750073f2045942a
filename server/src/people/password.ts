/**
 * What OWASP asks of argon2id at least: 19 MiB, two passes, one lane. The library is loaded when the first password
 * is looked at.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import("@node-rs/argon2");
  return hash(password.normalize("NFKC"), parameters);
}

export async function isPassword(password: string, hashed: string): Promise<boolean> {
  const { verify } = await import("@node-rs/argon2");
  return verify(hashed, password.normalize("NFKC"));
}
