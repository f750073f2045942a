import ipaddr from "ipaddr.js";

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Where webhooks may go besides public addresses, by the operator's leave: hosts by name, and networks. */
export type Allowed = { hosts: ReadonlySet<string>; networks: readonly Network[] };

/** Reads `hooks.internal,10.1.0.0/16,127.0.0.1`. Throws a RangeError that names what it cannot read. */
export function readAllowed(text: string): Allowed {
  const hosts = new Set<string>();
  const networks: Network[] = [];
  for (const entry of text.split(",").map((it) => it.trim())) {
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

/** The name or address in a URL, without the brackets of IPv6 and the last dot of a whole name. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

/**
 * Why nothing is sent to an address, as far as its text tells; null when nothing speaks against it. What its name
 * resolves to is looked at with every connection.
 */
export function refusalOf(text: string, allowed: Allowed): string | null {
  if (!URL.canParse(text)) return "is not an address";
  const url = new URL(text);
  const host = hostOf(url);
  const byLeave = isByLeave(host, host, allowed);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https://";
  if (url.username !== "" || url.password !== "") return "must not have a name or a password in it";
  if (url.protocol === "http:" && !byLeave)
    return "must begin with https://, unless the operator allows its host";
  if (isLiteral(host) && !isAllowed(host, host, allowed)) return "is no public address";
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (!byLeave && port !== 443 && port < 1024) return "must have the port 443 or one from 1024 up";
  return null;
}

/** Whether an address that a host resolves to may be connected to. */
export const isAllowed = (address: string, host: string, allowed: Allowed): boolean =>
  isByLeave(address, host, allowed) || isPublic(address);

function isByLeave(address: string, host: string, { hosts, networks }: Allowed): boolean {
  if (hosts.has(host.toLowerCase())) return true;
  if (!isLiteral(address)) return false;
  // An IPv4 address in the clothes of IPv6 is reached where the IPv4 address is.
  const parsed = ipaddr.process(address);
  return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
}

// Of IPv6 only this is given to anyone; what stands elsewhere, or leads into IPv4, has no range of its own.
const globalIpv6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** By the number alone: an address of the open internet and of nothing else. */
function isPublic(address: string): boolean {
  if (!isLiteral(address)) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === "unicast" && (parsed.kind() === "ipv4" || parsed.match(globalIpv6));
}
