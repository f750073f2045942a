/** The settings of every pool's sessions, as `current_setting` writes them. */
export const sessionSettings = {
  search_path: "clientele",
  TimeZone: "UTC",
  statement_timeout: "15s",
  lock_timeout: "5s",
  idle_in_transaction_session_timeout: "30s",
  // Compiling costs more than it saves: a statement reads few rows.
  jit: "off",
} as const satisfies Record<string, string>;

/** The startup options that take the role and apply the settings. */
export const startupOptions = (role: string): string =>
  Object.entries({ ...sessionSettings, role })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
