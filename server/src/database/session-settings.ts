/** The settings of every pool's sessions, as `current_setting` writes them. */
export const sessionSettings = {
  search_path: "clientele",
  TimeZone: "UTC",
  statement_timeout: "15s",
  lock_timeout: "5s",
  idle_in_transaction_session_timeout: "30s",
  // Compiling costs more than it saves: a statement reads few rows.
  jit: "off",
  // A scan of a table reads the rows of every enterprise.
  enable_seqscan: "off",
  // On today's disks a look-up costs little more than the next page of a scan; the default of 4 is that of hard disks.
  random_page_cost: "1.1",
  // The bitmap of a search over a million pages stays exact; a lossy one has each row of its pages checked again.
  work_mem: "64MB",
} as const satisfies Record<string, string>;

/** The startup options that take the role and apply the settings. */
export const startupOptions = (role: string): string =>
  Object.entries({ ...sessionSettings, role })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
