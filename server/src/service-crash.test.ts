import { afterEach, expect, test } from "vitest";
import {
  endAll,
  firstApp,
  hasServer,
  type Installation,
  newInstallation,
  postmasterPid,
  type RunningService,
  startReady,
  tokenOf,
} from "./testing/service-process.ts";

afterEach(endAll);

const writers = 4;
const acknowledgedMin = 80;

/** External ids of acknowledged customers. */
type Ledger = Set<string>;

/**
 * Starts writers that create customers one after another until they are stopped or the service is unreachable. After a
 * 5xx response, which acknowledges nothing, a writer continues.
 */
function write(service: RunningService, token: string, name: string, ledger: Ledger) {
  let isStopping = false;
  const all = Array.from({ length: writers }, async (_, writer) => {
    for (let index = 0; !isStopping; index++) {
      const externalId = `${name}-${writer}-${index}`;
      const body = { external_id: externalId };
      const reply = await service
        .call("POST", "/v1/enterprise-customers", token, body)
        .catch(() => undefined);
      if (!reply) return;
      if (reply.status === 201) ledger.add(externalId);
      else expect(reply.status).toBe(503);
    }
  });
  return {
    stop: async () => {
      isStopping = true;
      await Promise.all(all);
    },
  };
}

const grown = async (ledger: Ledger, by: number): Promise<void> => {
  const until = ledger.size + by;
  while (ledger.size < until) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Expects every acknowledged customer to be stored, with one change in the journal. */
async function expectAll(
  ledger: Ledger,
  service: RunningService,
  token: string,
  installation: Installation,
): Promise<void> {
  const { enterpriseId } = await firstApp(installation);
  const rows = await installation.query(
    `select external_id as "externalId", count(changes) as changes
     from clientele.customers left join clientele.changes
       on changes.enterprise_id = customers.enterprise_id and subject = 'customer' and subject_id = customers.id
     group by customers.enterprise_id, customers.id`,
    enterpriseId,
  );
  const stored = new Set(rows.map(({ externalId }) => externalId));
  expect([...ledger].filter((externalId) => !stored.has(externalId))).toEqual([]);
  expect(rows.filter(({ changes }) => changes !== "1")).toEqual([]);
  const [last] = [...ledger].slice(-1);
  const reply = await service.call("GET", `/v1/enterprise-customers/${last}?external=1`, token);
  expect(reply).toMatchObject({ status: 200, body: { data: { externalId: last } } });
}

test("no acknowledged write is lost after kill -9 of the service, of its database and of both", async () => {
  const installation = await newInstallation();
  let service = await startReady(installation);
  const token = await tokenOf(service.call, await firstApp(installation));
  const ledger: Ledger = new Set();

  const rounds = hasServer ? ["service", "service", "service"] : ["service", "database", "both"];
  for (const [round, victim] of rounds.entries()) {
    const writing = write(service, token, `round-${round}`, ledger);
    await grown(ledger, acknowledgedMin);
    if (victim !== "service") process.kill(await postmasterPid(installation), "SIGKILL");
    if (victim !== "database") {
      service.child.kill("SIGKILL");
      await service.ended;
      service = await startReady(installation);
    } else {
      // The service keeps running and writes again once its database has restarted.
      await grown(ledger, acknowledgedMin);
    }
    await writing.stop();
    await expectAll(ledger, service, token, installation);
  }
  expect(ledger.size).toBeGreaterThanOrEqual(rounds.length * acknowledgedMin);
});
