import { queryOptions } from "@tanstack/react-query";
import { requestAsPerson } from "../session/person-request.ts";

export type Session = {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  ipAddress: string;
  userAgent: string;
  isCurrent: boolean;
};

/** Active sessions, the most recently used first. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => requestAsPerson<Session[]>("list-sessions"),
});
