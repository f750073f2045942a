import { routes } from "@clientele/contract";
import type { Route } from "@clientele/contract/route";
import type { Plugin } from "vite";

const name = "@clientele/contract";
const id = `\0${name}`;

/** The parts of a route that the SDK reads at run time: no schemas, so typebox stays out of the bundle. */
const factsOf = (route: Route) => ({
  operationId: route.operationId,
  method: route.method,
  path: route.path,
  scope: route.scope,
  shape: route.shape,
  status: route.status,
  ...(route.onlyReads ? { onlyReads: true } : {}),
  ...(route.accepted ? { accepted: true } : {}),
  ...(route.bodyFiles ? { bodyFiles: true } : {}),
  ...(route.fileTypes ? { fileTypes: route.fileTypes } : {}),
  ...(route.query && "count" in route.query.properties ? { query: { properties: { count: true } } } : {}),
});

/** Replaces the contract's route table with plain data for the browser. */
export const routesAsFacts = (): Plugin => ({
  name: "routes-as-facts",
  enforce: "pre",
  resolveId: (source) => (source === name ? id : null),
  load: (loaded) => {
    if (loaded !== id) return null;
    const facts = Object.fromEntries(
      Object.entries<Route>(routes).map(([operationId, route]) => [operationId, factsOf(route)]),
    );
    return `export const routes = ${JSON.stringify(facts)};`;
  },
});
