import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSend, type Resolve } from "./send.ts";
import { isAllowed, readAllowed, refusalOf } from "./target.ts";

/** Listeners on every loopback address that there is: whoever connects is counted. */
const listeners: Server[] = [];
let connections = 0;
let port = 0;
const loopbacks = ["127.0.0.1", "::1"];
beforeAll(async () => {
  for (const host of loopbacks) {
    const server = createServer((socket) => {
      connections++;
      socket.on("data", () => socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"));
      socket.on("error", () => undefined);
    });
    const listening = await once(server.listen(port, host), "listening").then(
      () => true,
      // This machine has no IPv6.
      () => false,
    );
    if (!listening) continue;
    listeners.push(server);
    port = (server.address() as AddressInfo).port;
  }
});
afterAll(() => {
  for (const server of listeners) server.close();
});
beforeEach(() => {
  connections = 0;
});

const never = new AbortController().signal;
const nothing = readAllowed("");
const post = (url: string, options: Partial<Parameters<typeof openSend>[0]> = {}) => {
  const { send, close } = openSend({ allowed: nothing, timeoutMs: 2_000, ...options });
  return send({ url, headers: {}, body: "{}" }, never).finally(close);
};
const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

/** One address of each range that is nobody's to be told. */
const ipv4 = [
  ...["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1"],
  ...["127.1.2.3", "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1"],
  ...[
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
  ],
  ...["192.168.0.1", "192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"],
  ...["203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.254", "255.255.255.255"],
];
const ipv6 = [
  ...["::", "::1", "::2", "::127.0.0.1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1"],
  ...["::ffff:169.254.169.254", "::ffff:93.184.215.14", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1"],
  ...["64:ff9b::a00:1", "64:ff9b::5db8:d70e", "64:ff9b:1::7f00:1", "64:ff9b:1::1", "100::1", "100:0:0:1::1"],
  ...[
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
  ],
  ...["2001:20::1", "2001:30::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::", "2002:a9fe:a9fe::1"],
  ...["2620:4f:8000::1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "8000::1", "fc00::1", "fd00::1"],
  ...["fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "feff::1", "ff00::1", "ff02::1", "ff0e::1"],
];
/** Other ways to write 127.0.0.1 and its like, and what hides an address. */
const disguised = [
  ...["127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "017700000001"],
  ...[
    "0177.1",
    "127.0.0.1.",
    "0",
    "0x0",
    "00000000000",
    "3232235521",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
  ],
  ...[
    "１２７.０.０.１",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "%31%32%37.0.0.1",
    "[::ffff:7f00:0001]",
    "[0:0:0:0:0:0:0:1]",
  ],
  ...[
    "[0000:0000:0000:0000:0000:ffff:127.0.0.1]",
    "public.example.com@127.0.0.1",
    "[::1]#@public.example.com",
  ],
];
/** Names that lead there, however they are called. */
const named = [
  "localhost",
  "localhost.",
  "LOCALHOST",
  "foo.localhost",
  "metadata.google.internal",
  "hooks.example.com",
];
const mistaken = [
  ...[
    "http://hooks.example.com/",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/_x",
  ],
  ...[
    "data:text/plain,x",
    "javascript:0",
    "ws://127.0.0.1/",
    "unix:/var/run/docker.sock",
    "//127.0.0.1/",
    "127.0.0.1",
  ],
  ...[
    "https://",
    "https://:443/",
    "https://[::1",
    "https://256.256.256.256/",
    "https://user:pass@hooks.example.com/",
  ],
  ...["https://hooks.example.com:22/", "https://hooks.example.com:25/", "https://hooks.example.com:80/"],
  ...[
    "https://hooks.example.com:1023/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:99999/",
    "",
  ],
];

const table: string[] = [
  ...ipv4.flatMap((address) => [`https://${address}:PORT/`, `http://${address}:PORT/`]),
  ...ipv6.map((address) => `https://[${address}]:PORT/`),
  ...disguised.map((host) => `https://${host}:PORT/`),
  ...named.map((host) => `https://${host}:PORT/`),
  ...mistaken,
];

describe(`of ${table.length} forbidden addresses`, () => {
  test("there are at least 120, all different", () => {
    expect(table.length).toBeGreaterThanOrEqual(120);
    expect(new Set(table).size).toBe(table.length);
  });

  test.each(table)("%s is never connected to", async (text) => {
    const outcome = await post(text.replace("PORT", String(port)), { resolve: resolvesTo("127.0.0.1") });
    expect(outcome.status).toBeNull();
    expect(outcome.error?.key).toMatch(/^WEBHOOK_URL_|^HOST_NOT_PUBLIC$/);
    expect(connections).toBe(0);
  });
});

describe("a name", () => {
  test.each([...ipv4, ...ipv6])("that resolves to %s is never connected to", async (address) => {
    for (const resolve of [resolvesTo(address), resolvesTo("93.184.215.14", address)]) {
      const { error } = await post(`https://hooks.example.com:${port}/`, { resolve });
      expect(error?.key).toBe("HOST_NOT_PUBLIC");
    }
    expect(connections).toBe(0);
  });

  test("that resolves to another address the second time is connected at the checked one", async () => {
    let asked = 0;
    // An address that may be to whoever looks, and where nobody is; then the machine itself.
    const rebinding: Resolve = async () =>
      asked++ === 0 ? [{ address: "192.0.2.1", family: 4 }] : [{ address: "127.0.0.1", family: 4 }];
    const allowed = readAllowed("192.0.2.0/24");
    const outcome = await post(`https://hooks.example.com:${port}/`, {
      allowed,
      resolve: rebinding,
      timeoutMs: 100,
    });
    expect(outcome.status).toBeNull();
    expect(asked).toBe(1);
    expect(connections).toBe(0);
    // Asked again it is looked at again.
    expect(
      (await post(`https://hooks.example.com:${port}/`, { allowed, resolve: rebinding })).error?.key,
    ).toBe("HOST_NOT_PUBLIC");
    expect(connections).toBe(0);
  });

  test("that does not resolve is reported", async () => {
    const resolve = () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" }));
    expect((await post("https://hooks.example.com/", { resolve })).error?.key).toBe("HOST_UNKNOWN");
    expect((await post("https://hooks.example.com/", { resolve: resolvesTo() })).error?.key).toBe(
      "HOST_NOT_PUBLIC",
    );
  });
});

describe("with an allow list", () => {
  test("a host is allowed at any address, and a network under any name", async () => {
    const resolve = resolvesTo("127.0.0.1");
    for (const [allow, host] of [
      ["hooks.internal", "hooks.internal"],
      ["HOOKS.internal", "hooks.INTERNAL."],
      ["127.0.0.1", "127.0.0.1"],
      ["10.0.0.0/8, 127.0.0.0/8", "2130706433"],
    ] as const) {
      const { status } = await post(`http://${host}:${port}/`, { allowed: readAllowed(allow), resolve });
      expect(status, host).toBe(204);
    }
    expect(connections).toBe(4);
  });

  test("an IPv4 network includes its IPv4-mapped addresses only", () => {
    const allowed = readAllowed("10.0.0.0/8,fd00::/8,[::1]");
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "::1"])
      expect(isAllowed(address, "x", allowed), address).toBe(true);
    for (const address of ["127.0.0.1", "64:ff9b::a01:203", "fe80::1", "::2", "x", ""])
      expect(isAllowed(address, "x", allowed), address).toBe(false);
  });

  test("an invalid entry is named", () => {
    for (const entry of ["10.0.0.0/33", "a b", "https://x.example", "*.x.example", "x:80"])
      expect(() => readAllowed(`ok.example,${entry}`), entry).toThrow(new RangeError(entry));
  });
});

test.each([
  "93.184.215.14",
  "1.1.1.1",
  "8.8.8.8",
  "[2606:4700::1111]",
  "[2a00:1450::1]",
  "hooks.example.com",
])("%s may be sent to", (host) => {
  expect(refusalOf(`https://${host}/`, nothing)).toBeNull();
  expect(refusalOf(`https://${host}:8443/`, nothing)).toBeNull();
});
