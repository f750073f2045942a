/** Where to go after signing in, and why a single sign-on failed. */
export type SignInSearch = { to?: string; error?: string };

/** Parses search params; only paths of this console are accepted as a target (no open redirect). */
export const readSignInSearch = ({ to, error }: Record<string, unknown>): SignInSearch => ({
  ...(typeof to === "string" && /^\/(?![/\\])/.test(to) ? { to } : {}),
  ...(typeof error === "string" ? { error } : {}),
});
