import { routes } from "@clientele/contract";
import { isWrite, type Route } from "@clientele/contract/route";
import { expect, test } from "vitest";

test("exactly the writes of custom fields, categories and tags lock the definitions", () => {
  const all: readonly Route[] = Object.values(routes);
  const ofDefinitions = all.filter(
    (route) => /fields|categories|tags/.test(route.path) && isWrite(route) && route.scope !== "READ",
  );
  expect(ofDefinitions).toHaveLength(11);
  expect(all.filter(({ changes }) => changes === "definitions")).toEqual(ofDefinitions);
});
