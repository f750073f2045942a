/**
 * English texts with parameters. `{name}` stands for a value, `{name[]}` for a list, `{name[or]}` for alternatives;
 * between double quotes a parameter is escaped as in JSON.
 */
type PlaceholderIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderIn<Rest>
  : never;

/** The parameters that a template names. */
export type ParametersIn<Template extends string> = {
  readonly [Name in PlaceholderIn<Template> as Name extends `${infer List}[${string}]`
    ? List
    : Name]: Name extends `${string}[${string}]` ? readonly string[] : string | number;
};

/** A rest parameter that is absent for a template without parameters. */
export type GivenFor<Template extends string> = keyof ParametersIn<Template> extends never
  ? []
  : [ParametersIn<Template>];

export type TemplateParameters = Readonly<Record<string, string | number | readonly string[]>>;

/** Longer lists are cut and end in `…`: a field can have thousands of options. */
const listedMax = 40;
const more = "…";

/** The parameters with their lists cut to 40 items. */
export const listedParameters = (params: TemplateParameters): TemplateParameters =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "object" && value.length > listedMax ? [...value.slice(0, listedMax), more] : value,
    ]),
  );

/** The text of a template with its parameters. */
export const renderTemplate = (template: string, params: TemplateParameters): string =>
  template.replaceAll(
    /("?)\{(\w+)(?:\[(or)?\])?\}\1/g,
    (_, quote: string, name: string, or: string | undefined) => {
      const value = params[name] ?? "";
      const written = (item: string | number) =>
        quote === "" || item === more ? String(item) : JSON.stringify(String(item));
      if (typeof value !== "object") return written(value);
      const last = or === undefined ? undefined : value.slice(1).at(-1);
      if (last === undefined) return value.map(written).join(", ");
      return `${value.slice(0, -1).map(written).join(", ")} or ${written(last)}`;
    },
  );
