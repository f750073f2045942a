/** Where to go once signed in, and why a sign-in elsewhere was refused. */
export type SignInSearch = { to?: string; error?: string };

/** Reads it from an address that anybody may have made: only a path of this console is gone to. */
export const readSignInSearch = ({ to, error }: Record<string, unknown>): SignInSearch => ({
  ...(typeof to === "string" && /^\/(?![/\\])/.test(to) ? { to } : {}),
  ...(typeof error === "string" ? { error } : {}),
});
