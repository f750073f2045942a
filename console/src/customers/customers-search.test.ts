import { describe, expect, test } from "vitest";
import { filtersOf, readCustomersSearch } from "./customers-search.ts";

describe("the search params of the customer table", () => {
  test("keep valid filters, sort order and view", () => {
    const search = {
      q: "ada",
      tag_ids: ["t1"],
      without_tags: true,
      filter: { city: "Bonn" },
      sort: "fullName",
      sort_type: "desc",
      view: "v1",
    };
    expect(readCustomersSearch(search)).toEqual(search);
  });

  test("accept digits that the router has parsed as numbers", () => {
    expect(readCustomersSearch({ q: 7, filter: { zipcode: 53111 }, tag_ids: [1] })).toEqual({
      q: "7",
      filter: { zipcode: "53111" },
      tag_ids: ["1"],
    });
  });

  test("drop what is unknown, empty or of the wrong type", () => {
    const search = {
      unknown: "x",
      q: "",
      tag_ids: "t1",
      without_tags: "yes",
      filter: ["Bonn"],
      filter_is: {},
      sort_type: "sideways",
      company_ids: [],
    };
    expect(readCustomersSearch(search)).toEqual({});
  });

  test("without sort order and view are the filters", () => {
    expect(filtersOf({ q: "ada", sort: "city", sort_type: "asc", view: "v1" })).toEqual({ q: "ada" });
  });
});
