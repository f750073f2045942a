// A program written for TIMIFY's customer API. Against Clientele it needs another base address and app, nothing else.

const { API_URL = "http://127.0.0.1:3030", APP_ID, APP_SECRET } = process.env;

type Customer = { id: string; externalId: string; fullName: string; email: string; totalBookings: number };
type Event = { title: string; date: string };

const { accessToken } = await send<{ accessToken: string }>("POST", "/auth/token", {
  appid: APP_ID,
  appsecret: APP_SECRET,
});

const customers = "/enterprise-customers";
const created = await send<{ data: Customer }>("POST", customers, {
  external_id: "timify-1",
  customfields: [
    { id: "firstName", value: "Ada" },
    { id: "lastName", value: "Lovelace" },
  ],
});
console.log(`created ${created.data.fullName} as ${created.data.externalId}`);

await send("PATCH", `${customers}/timify-1?external=1`, {
  customfields: [{ id: "email", value: "ada@example.com" }],
});

const found = await send<{ data: Customer[]; total: number }>("GET", `${customers}?q=lovelace&limit=10`);
for (const { fullName, email } of found.data)
  console.log(`found ${fullName}, ${email} (${found.total} in total)`);

const events = await send<{ data: Event[] }>("GET", `${customers}/timify-1/events?external=1`);
console.log(`${events.data.length} events`);

await send("DELETE", `${customers}/${created.data.id}`);
console.log("deleted");

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${API_URL}/v1${path}`, {
    method,
    headers: {
      // The first request asks for the token.
      ...(path === "/auth/token" ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
