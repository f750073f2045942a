import type { Item } from "@clientele/sdk";

export type Field = Item<"listCustomFields">;
export type Category = Item<"listCategories">;
