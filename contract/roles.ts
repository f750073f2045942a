import type { Scope } from "./route.ts";

/** What a person is in an enterprise, the least first. */
export const roles = ["viewer", "editor", "administrator"] as const;
export type Role = (typeof roles)[number];

const scopesByRole = {
  viewer: ["READ"],
  editor: ["READ", "WRITE", "DELETE"],
  administrator: ["READ", "WRITE", "DELETE", "ADMIN"],
} as const satisfies Record<Role, readonly Scope[]>;

export const scopesOf = (role: Role): readonly Scope[] => scopesByRole[role];
