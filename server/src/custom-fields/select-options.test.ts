import { describe, expect, test } from "vitest";
import { createField, fieldKeyOf, fieldsPath } from "../testing/fields.ts";
import { journalOf } from "../testing/journal.ts";
import { type Answer, startApp } from "../testing/start-app.ts";

const app = startApp();

/** The errors of an answer by their place. */
const fieldErrors = ({ status, body }: Answer) => ({ status, body: body.details?.body });

describe("select options", () => {
  test("are texts or objects, in order", async () => {
    const client = await app.client();
    const { selectOptions } = await createField(client, {
      type: "MULTI_SELECT",
      select_options: ["red", { value: "blue", label: "Blue" }, { value: "green", order_index: 0 }],
    });
    expect(selectOptions).toMatchObject([
      { value: "red", label: "red", orderIndex: 0, isActive: true },
      { value: "green", label: "green", orderIndex: 0, isActive: true },
      { value: "blue", label: "Blue", orderIndex: 1, isActive: true },
    ]);
    expect(Object.keys(selectOptions[0])).toEqual(["id", "value", "label", "orderIndex", "isActive"]);
  });

  test("belong to select fields, which need at least one active option", async () => {
    const client = await app.client();
    const place = { status: 400, body: { select_options: expect.any(String) } };
    const none = [undefined, [], [{ value: "a", is_active: false }]];
    for (const select_options of none) {
      const refused = await client.post(fieldsPath, { label: "Colour", type: "SELECT", select_options });
      expect(fieldErrors(refused)).toEqual(place);
    }
    const text = await client.post(fieldsPath, { label: "Colour", type: "TEXT", select_options: ["a"] });
    expect(fieldErrors(text)).toEqual(place);
  });

  test("keep their ids when referenced by id or value", async () => {
    const client = await app.client();
    const { id, selectOptions } = await createField(client, { type: "SELECT", select_options: ["a", "b"] });
    const [a, b] = selectOptions;
    const { body } = await client.patch(`${fieldsPath}/${id}`, {
      select_options: ["b", { id: a.id, value: "a", label: "A" }, "c"],
    });
    expect(body.data.selectOptions).toMatchObject([
      { id: b.id, value: "b" },
      { id: a.id, value: "a", label: "A" },
      { value: "c" },
    ]);
  });

  test("stay after removal as long as a customer has them", async () => {
    const client = await app.client();
    for (const type of ["SELECT", "MULTI_SELECT"]) {
      const { id } = await createField(client, { label: type, type, select_options: ["a", "b", "c"] });
      const written = type === "SELECT" ? { value: "a" } : { values: ["a"] };
      const customer = await client.post("/v1/enterprise-customers", { customfields: [{ id, ...written }] });
      const at = `/v1/enterprise-customers/${customer.body.data.id}`;
      const { body } = await client.patch(`${fieldsPath}/${id}`, { select_options: ["b"] });
      expect(body.data.selectOptions).toMatchObject([
        { value: "b", isActive: true },
        { value: "a", isActive: false },
      ]);
      expect((await client.patch(at, { customfields: [{ id, ...written }] })).status).toBe(200);
      const anew = await client.post("/v1/enterprise-customers", { customfields: [{ id, ...written }] });
      expect(anew.body.errorCode).toBe("FIELD_VALUE_INVALID");

      const again = await client.patch(`${fieldsPath}/${id}`, { select_options: ["b"] });
      expect(again.body).toEqual(body);
      await client.patch(at, { customfields: [{ id, value: "" }] });
      const afterRemoval = await client.patch(`${fieldsPath}/${id}`, { select_options: ["b"] });
      expect(afterRemoval.body.data.selectOptions).toMatchObject([{ value: "b", isActive: true }]);
    }
  });

  test("renamed, rename the values of their customers", async () => {
    const client = await app.client();
    const { id, selectOptions } = await createField(client, {
      type: "MULTI_SELECT",
      select_options: ["a", "b"],
    });
    const [a, b] = selectOptions;
    const created = await client.post("/v1/enterprise-customers", {
      customfields: [{ id, values: ["a", "b"] }],
    });
    const customerId = created.body.data.id;
    const swapped = await client.patch(`${fieldsPath}/${id}`, {
      select_options: [
        { id: a.id, value: "b" },
        { id: b.id, value: "z" },
      ],
    });
    expect(swapped.body.data.selectOptions).toMatchObject([
      { id: a.id, value: "b" },
      { id: b.id, value: "z" },
    ]);
    const { body } = await client.get(`/v1/enterprise-customers/${customerId}`);
    expect(body.data.fields[0].values).toEqual(["b", "z"]);
    const key = await fieldKeyOf(app.database, client, id);
    expect((await journalOf(app, customerId)).at(-1)).toMatchObject({
      version: 2,
      reason: "option_renamed",
      before: { values: { [key]: ["a", "b"] } },
      after: { values: { [key]: ["b", "z"] } },
    });
  });
});
