/**
 * The OWASP minimum for argon2id: 19 MiB, two passes, one lane. The library is loaded with the first
 * password.
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
