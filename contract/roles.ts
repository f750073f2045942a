import type { Scope } from "./route.ts";

/** The role of a person in an enterprise, in ascending order of permissions. */
export const roles = ["viewer", "editor", "administrator"] as const;
export type Role = (typeof roles)[number];

const scopesByRole = {
  viewer: ["READ"],
  editor: ["READ", "WRITE", "DELETE"],
  administrator: ["READ", "WRITE", "DELETE", "ADMIN"],
} as const satisfies Record<Role, readonly Scope[]>;

export const scopesOf = (role: Role): readonly Scope[] => scopesByRole[role];
