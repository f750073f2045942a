import { type FieldErrorKey, type Reason, reason } from "@clientele/contract/field-errors";
import ipaddr from "ipaddr.js";

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** The hosts and networks that the operator allows besides public addresses. */
export type Allowed = { hosts: ReadonlySet<string>; networks: readonly Network[] };

/** Reads `hooks.internal,10.1.0.0/16,127.0.0.1`. Throws a RangeError that names the invalid entry. */
export function readAllowed(text: string): Allowed {
  const hosts = new Set<string>();
  const networks: Network[] = [];
  for (const entry of text.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const bare = entry.replace(/^\[(.*)\]$/, "$1");
    if (ipaddr.isValidCIDR(bare)) networks.push(ipaddr.parseCIDR(bare));
    else if (isLiteral(bare)) {
      const address = ipaddr.parse(bare);
      networks.push([address, address.kind() === "ipv4" ? 32 : 128]);
    } else if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(entry))
      hosts.add(entry.toLowerCase());
    else throw new RangeError(entry);
  }
  return { hosts, networks };
}

const isLiteral = (host: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);

/** The host of a URL, without the brackets of IPv6 and the trailing dot. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

type UrlErrorKey = Extract<FieldErrorKey, `WEBHOOK_URL_${string}`>;

/** Why a URL is refused, null when it is not. The addresses of its name are checked with every connection. */
export function refusalOf(text: string, allowed: Allowed): Reason<UrlErrorKey> | null {
  if (!URL.canParse(text)) return reason("WEBHOOK_URL_INVALID");
  const url = new URL(text);
  const host = hostOf(url);
  const isExplicit = isAllowedByOperator(host, host, allowed);
  if (url.protocol !== "https:" && url.protocol !== "http:") return reason("WEBHOOK_URL_NOT_HTTPS");
  if (url.username !== "" || url.password !== "") return reason("WEBHOOK_URL_CREDENTIALS");
  if (url.protocol === "http:" && !isExplicit) return reason("WEBHOOK_URL_NOT_ALLOWED");
  if (isLiteral(host) && !isAllowed(host, host, allowed)) return reason("WEBHOOK_URL_NOT_PUBLIC");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (!isExplicit && port !== 443 && port < 1024) return reason("WEBHOOK_URL_PORT");
  return null;
}

/** Whether an address that a host resolves to may be connected to. */
export const isAllowed = (address: string, host: string, allowed: Allowed): boolean =>
  isAllowedByOperator(address, host, allowed) || isPublic(address);

function isAllowedByOperator(address: string, host: string, { hosts, networks }: Allowed): boolean {
  if (hosts.has(host.toLowerCase())) return true;
  if (!isLiteral(address)) return false;
  // ::ffff:10.0.0.1 reaches 10.0.0.1.
  const parsed = ipaddr.process(address);
  return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
}

// The only IPv6 range assigned for public use; tunnels into IPv4 lie outside it or have a range of their own.
const globalIpv6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Whether the address is a public unicast one. */
function isPublic(address: string): boolean {
  if (!isLiteral(address)) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === "unicast" && (parsed.kind() === "ipv4" || parsed.match(globalIpv6));
}
