import { expect, test } from "vitest";
import { readSignInSearch } from "./sign-in-search.ts";

test("only paths of the console are accepted as a target", () => {
  expect(readSignInSearch({ to: "/customers?q=a" })).toEqual({ to: "/customers?q=a" });
  for (const to of ["//evil.example", "/\\evil.example", "https://evil.example", 7])
    expect(readSignInSearch({ to })).toEqual({});
});

test("the code of a failed single sign-on is kept", () => {
  expect(readSignInSearch({ error: "SIGN_IN_FAILED" })).toEqual({ error: "SIGN_IN_FAILED" });
});
