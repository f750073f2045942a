import type { Expected, Field } from "./model.ts";
import { customersPath, idIn, type Makers, missingId, type Random } from "./model-call.ts";

const fieldsPath = `${customersPath}/customfields`;
const categoriesPath = `${fieldsPath}/categories`;
const tagsPath = "/v1/customer-tags";
const labels = ["Badge", "Level", "Note", "First name"];
const tagNames = ["VIP", "vip", "Regular", "New"];

const definition = <T extends { id: string }>(
  random: Random,
  all: readonly T[],
): { one: T | undefined; id: string } => {
  const one = all.length > 0 && random.chance(0.92) ? random.of(all) : undefined;
  return { one, id: one?.id ?? missingId };
};

const seenField = ({ id, label, type, isUnique, isMandatory, isSearchable, categoryId }: Field) => ({
  id,
  label,
  type,
  isUnique,
  isMandatory,
  isSearchable,
  categoryId,
});
const seenNamed = ({ id, name }: { id: string; name: string }) => ({ id, name });

/** Calls about fields, categories and tags. */
export const definitionCalls: Makers = {
  createCustomField: {
    weight: 3,
    make(model, random) {
      const label = random.of(labels);
      const type = random.of(["TEXT", "NUMBER", "EMAIL", "MULTI_SELECT"]);
      const category = definition(random, model.categories);
      const isUnique = type !== "MULTI_SELECT" && random.chance(0.5);
      const facts = { isUnique, isMandatory: random.chance(0.3), isSearchable: random.chance(0.5) };
      const body = {
        ...{
          label,
          type,
          is_unique: isUnique,
          is_mandatory: facts.isMandatory,
          is_searchable: facts.isSearchable,
        },
        ...(random.chance(0.5) ? { category_id: category.id } : {}),
        ...(type === "MULTI_SELECT" ? { select_options: ["one", "two"] } : {}),
      };
      return {
        ...{ method: "POST", path: fieldsPath, body, seen: seenField },
        expect(answer) {
          if (body.category_id && !category.one) return model.refuse("CATEGORY_UNKNOWN", ["category_id"]);
          if (model.fields.some((field) => field.label === label))
            return model.refuse("NAME_TAKEN", ["label"]);
          model.definitions += 1;
          const categoryId = body.category_id ?? model.categories.find((category) => category.isDefault)!.id;
          const { orderIndex = 0 } = answer.body?.data ?? {};
          const field = {
            id: idIn(answer),
            defaultId: "",
            externalId: "",
            type,
            label,
            categoryId,
            orderIndex,
            options: ["one", "two"],
            ...facts,
          };
          model.fields.push(field);
          return { status: 201, data: seenField(field) };
        },
      };
    },
  },
  updateCustomField: {
    weight: 4,
    make(model, random) {
      const { one: field, id } = definition(
        random,
        model.fields.filter((field) => field.defaultId === "" || field.type === "TEXT"),
      );
      const change = {
        ...(random.chance(0.4) ? { label: random.of(labels) } : {}),
        ...(random.chance(0.4) ? { isMandatory: random.chance(0.5) } : {}),
        ...(random.chance(0.4) && field?.type !== "MULTI_SELECT" ? { isUnique: random.chance(0.7) } : {}),
        ...(random.chance(0.2) ? { isSearchable: random.chance(0.5) } : {}),
      };
      const retyped = field?.defaultId && random.chance(0.1) ? { type: "NUMBER" } : {};
      const { label, isMandatory, isUnique, isSearchable } = change;
      const body = JSON.parse(
        JSON.stringify({
          label,
          is_mandatory: isMandatory,
          is_unique: isUnique,
          is_searchable: isSearchable,
          ...retyped,
        }),
      );
      return {
        ...{ method: "PATCH", path: `${fieldsPath}/${id}`, body, seen: seenField },
        expect() {
          if (!field) return model.refuse("FIELD_NOT_FOUND");
          if ("type" in retyped) return model.refuse("FIELD_PROTECTED", ["type"]);
          if (model.fields.some((it) => it !== field && it.label === label))
            return model.refuse("NAME_TAKEN", ["label"]);
          const broken = model.breaks(field, change);
          if (broken) return model.refuse("FIELD_RULE_BROKEN", [broken]);
          model.definitions += 1;
          return { status: 200, data: seenField(Object.assign(field, change)) };
        },
      };
    },
  },
  deleteCustomField: {
    weight: 2,
    make(model, random) {
      const own = model.fields.filter((field) => field.defaultId === "");
      const { one: field, id } = definition(random, random.chance(0.2) ? model.fields : own);
      return {
        ...{ method: "DELETE", path: `${fieldsPath}/${id}` },
        expect() {
          if (!field) return model.refuse("FIELD_NOT_FOUND");
          if (field.defaultId !== "") return model.refuse("FIELD_PROTECTED");
          model.definitions += 1;
          model.dropField(field);
          return { status: 200, data: { id } };
        },
      };
    },
  },
  fetchCustomField: {
    weight: 2,
    make(model, random) {
      const { one: field, id } = definition(random, model.fields);
      const name = field?.defaultId && random.chance(0.5) ? field.defaultId : id;
      const expect = (): Expected =>
        field ? { status: 200, data: seenField(field) } : model.refuse("FIELD_NOT_FOUND");
      return { method: "GET", path: `${fieldsPath}/${name}`, seen: seenField, expect };
    },
  },
  listCustomFields: {
    weight: 2,
    make(model, random) {
      const { id: category } = definition(random, model.categories);
      const query: Record<string, string> = random.chance(0.5) ? { category_id: category } : {};
      return {
        ...{ method: "GET", path: fieldsPath, query, seen: (fields) => fields.map(seenField) },
        expect() {
          const data = model
            .order()
            .filter((field) => !query["category_id"] || field.categoryId === category);
          return { status: 200, data: data.map(seenField), total: data.length };
        },
      };
    },
  },
  createCategory: {
    weight: 2,
    make(model, random) {
      const name = random.of(labels);
      return {
        ...{ method: "POST", path: categoriesPath, body: { name }, seen: seenNamed },
        expect(answer) {
          if (model.categories.some((category) => category.name === name))
            return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          const category = {
            id: idIn(answer),
            name,
            orderIndex: answer.body?.data?.orderIndex,
            isDefault: false,
          };
          model.categories.push(category);
          return { status: 201, data: seenNamed(category) };
        },
      };
    },
  },
  updateCategory: {
    weight: 2,
    make(model, random) {
      const { one: category, id } = definition(random, model.categories);
      const body = {
        name: random.of(labels),
        ...(random.chance(0.3) ? { order_index: random.below(4) } : {}),
      };
      return {
        ...{ method: "PATCH", path: `${categoriesPath}/${id}`, body, seen: seenNamed },
        expect() {
          if (!category) return model.refuse("CATEGORY_NOT_FOUND");
          if (model.categories.some((it) => it !== category && it.name === body.name))
            return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          category.name = body.name;
          category.orderIndex = body.order_index ?? category.orderIndex;
          return { status: 200, data: seenNamed(category) };
        },
      };
    },
  },
  deleteCategory: {
    weight: 1,
    make(model, random) {
      const { one: category, id } = definition(random, model.categories);
      return {
        ...{ method: "DELETE", path: `${categoriesPath}/${id}` },
        expect() {
          if (!category) return model.refuse("CATEGORY_NOT_FOUND");
          if (category.isDefault) return model.refuse("CATEGORY_PROTECTED");
          model.definitions += 1;
          model.dropCategory(category);
          return { status: 200, data: { id } };
        },
      };
    },
  },
  fetchCategory: {
    weight: 1,
    make(model, random) {
      const { one: category, id } = definition(random, model.categories);
      const expect = (): Expected =>
        category ? { status: 200, data: seenNamed(category) } : model.refuse("CATEGORY_NOT_FOUND");
      return { method: "GET", path: `${categoriesPath}/${id}`, seen: seenNamed, expect };
    },
  },
  listCategories: {
    weight: 1,
    make: (model) => ({
      ...{ method: "GET", path: categoriesPath, seen: (all) => all.map(seenNamed) },
      expect: () => ({
        status: 200,
        data: model.categoriesInOrder().map(seenNamed),
        total: model.categories.length,
      }),
    }),
  },
  createTag: {
    weight: 3,
    make(model, random) {
      const name = random.of(tagNames);
      return {
        ...{ method: "POST", path: tagsPath, body: { name }, seen: seenNamed },
        expect(answer) {
          if (model.tagNamed(name)) return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          const tag = { id: idIn(answer), name };
          model.tags.push(tag);
          return { status: 201, data: tag };
        },
      };
    },
  },
  renameTag: {
    weight: 2,
    make(model, random) {
      const { one: tag, id } = definition(random, model.tags);
      const name = random.of(tagNames);
      return {
        ...{ method: "PATCH", path: `${tagsPath}/${id}`, body: { name }, seen: seenNamed },
        expect() {
          if (!tag) return model.refuse("TAG_NOT_FOUND");
          if ((model.tagNamed(name) ?? tag) !== tag) return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          model.renameTag(tag, name);
          return { status: 200, data: seenNamed(tag) };
        },
      };
    },
  },
  deleteTag: {
    weight: 1,
    make(model, random) {
      const { one: tag, id } = definition(random, model.tags);
      return {
        ...{ method: "DELETE", path: `${tagsPath}/${id}` },
        expect() {
          if (!tag) return model.refuse("TAG_NOT_FOUND");
          model.definitions += 1;
          model.dropTag(tag);
          return { status: 200, data: { id } };
        },
      };
    },
  },
  listTags: {
    weight: 1,
    make: (model) => ({
      ...{ method: "GET", path: tagsPath, seen: (all) => all.map(seenNamed) },
      expect: () => ({ status: 200, data: model.tagsInOrder().map(seenNamed), total: model.tags.length }),
    }),
  },
};
