import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { startApp } from "../../testing/start-app.ts";

const registry = startApp();

test("the OpenAPI document passes the recommended rules of Redocly", async () => {
  const { text } = await registry.call("GET", "/openapi.json");
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: text, config });
  expect(
    problems
      .filter(({ severity }) => severity === "error")
      .map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
  ).toEqual([]);
});
