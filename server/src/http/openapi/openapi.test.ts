import { routes } from "@clientele/contract";
import type { Route } from "@clientele/contract/route";
import { expect, test } from "vitest";
import { startApp } from "../../testing/start-app.ts";

const registry = startApp();

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape.
type Document = any;
const document = async (): Promise<Document> => (await registry.call("GET", "/openapi.json")).body;

test("every route is documented as an operation with examples and errors", async () => {
  const { paths } = await document();
  for (const route of Object.values<Route>(routes)) {
    const operation = paths[route.path][route.method.toLowerCase()];
    expect(operation.operationId).toBe(route.operationId);
    expect(operation["x-extension"]).toBe(route.extension);
    const type = route.fileTypes?.[0] ?? "application/json";
    expect(operation.responses[route.status].content[type], route.operationId).toHaveProperty("example");
    if (route.body) expect(operation.requestBody.content["application/json"]).toHaveProperty("example");
    for (const status of ["400", "429", "431", "500", "503"])
      expect(operation.responses).toHaveProperty(status);
    if (route.scope !== null)
      for (const status of ["401", "403"]) expect(operation.responses).toHaveProperty(status);
    if (route.body) for (const status of ["413", "415"]) expect(operation.responses).toHaveProperty(status);
  }
});

test("list parameters have the style form, filters by field deepObject", async () => {
  const { parameters } = (await document()).paths["/v1/enterprise-customers"].get;
  const named = (name: string) => parameters.find((parameter: { name?: string }) => parameter.name === name);
  expect(named("ids")).toMatchObject({
    in: "query",
    style: "form",
    explode: true,
    schema: { type: "array" },
  });
  expect(named("filter")).toMatchObject({ style: "deepObject", explode: true, "x-extension": true });
});

test("the reference loads nothing from other hosts", async () => {
  expect(await registry.app.inject("/")).toMatchObject({ statusCode: 302, headers: { location: "/docs" } });
  const page = await registry.app.inject("/docs");
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
  const loaded = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
  expect(loaded).toContain("/docs/swagger-ui-bundle.js");
  for (const address of loaded.filter((link) => link !== "data:,")) {
    expect(address).toMatch(/^\/docs\//);
    expect((await registry.app.inject(address)).statusCode).toBe(200);
  }
  const { payload: styles } = await registry.app.inject("/docs/swagger-ui.css");
  expect(styles.match(/@import|url\((?!["']?data:)/g)).toBeNull();
});
