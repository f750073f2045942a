import { routes } from "@clientele/contract";
import type { Route } from "@clientele/contract/route";
import type { Plugin } from "vite";

const name = "@clientele/contract";
const id = `\0${name}`;

/** What the SDK asks of a route at run time: a browser needs no schemas, and no library that makes them. */
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

/** Gives the browser the contract's table of routes as plain facts. */
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
