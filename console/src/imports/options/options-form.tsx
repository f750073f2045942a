import { Checkbox, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFieldErrorText } from "../../errors/field-error-text.ts";
import type { FieldErrors } from "../../errors/field-errors.ts";
import { useLocale } from "../../i18n/locale.tsx";
import type { ImportOptions } from "./import-options.ts";

const dateFormats = ["DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "DD.MM.YY", "YYYYMMDD"];
const countries =
  "AT AU BE BR CA CH CN CZ DE DK ES FI FR GB GR HU IE IN IT JP LU MX NL NO NZ PL PT RO SE SK TR US ZA";
const encodings = ["utf-8", "windows-1252", "utf-16le", "utf-16be"];

type Props = {
  options: ImportOptions;
  onChange: (options: ImportOptions) => void;
  /** Errors by request parameter. */
  fieldErrors: FieldErrors;
};

export function OptionsForm({ options, onChange, fieldErrors }: Props) {
  const t = useTranslations("imports.options");
  const fieldErrorText = useFieldErrorText();
  const fieldErrorOf = (name: string) => {
    const error = fieldErrors[name];
    return error && fieldErrorText(error);
  };
  const { locale } = useLocale();
  const set = (part: Partial<ImportOptions>) => onChange({ ...options, ...part });
  const automatic = { value: "", label: t("automatic") };
  const regions = new Intl.DisplayNames(locale, { type: "region" });
  const codes = new Set(countries.split(" "));
  if (/^[A-Z]{2}$/.test(options.defaultCountry)) codes.add(options.defaultCountry);
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t("mode")}
          description={t(`modeHint.${options.mode}`)}
          data={(["upsert", "create", "update"] as const).map((mode) => ({
            value: mode,
            label: t(`modes.${mode}`),
          }))}
          value={options.mode}
          allowDeselect={false}
          onChange={(mode) => set({ mode: (mode ?? "upsert") as ImportOptions["mode"] })}
        />
        <Select
          label={t("empty")}
          description={t(`emptyHint.${options.empty}`)}
          data={(["keep", "clear"] as const).map((rule) => ({ value: rule, label: t(`emptyRules.${rule}`) }))}
          value={options.empty}
          allowDeselect={false}
          onChange={(empty) => set({ empty: (empty ?? "keep") as ImportOptions["empty"] })}
        />
        <Select
          label={t("dateFormat")}
          description={t("dateFormatHint")}
          data={[
            { value: "", label: "YYYY-MM-DD" },
            ...new Set([...dateFormats, options.dateFormat].filter((format) => format !== "")),
          ]}
          value={options.dateFormat}
          allowDeselect={false}
          error={fieldErrorOf("date_format")}
          onChange={(dateFormat) => set({ dateFormat: dateFormat ?? "" })}
        />
        <Select
          label={t("country")}
          description={t("countryHint")}
          data={[
            { value: "", label: t("noCountry") },
            ...[...codes].map((code) => ({ value: code, label: `${regions.of(code)} (${code})` })),
          ]}
          value={options.defaultCountry}
          searchable
          allowDeselect={false}
          error={fieldErrorOf("default_country")}
          onChange={(defaultCountry) => set({ defaultCountry: defaultCountry ?? "" })}
        />
        <Select
          label={t("decimal")}
          description={t("decimalHint")}
          data={[
            { value: "", label: t("decimals.none") },
            { value: ",", label: t("decimals.comma") },
            { value: ".", label: t("decimals.point") },
          ]}
          value={options.decimal}
          allowDeselect={false}
          onChange={(decimal) => set({ decimal: (decimal ?? "") as ImportOptions["decimal"] })}
        />
        <TextInput
          label={t("listSeparator")}
          description={t("listSeparatorHint")}
          value={options.listSeparator}
          maxLength={3}
          error={fieldErrorOf("list_separator")}
          onChange={({ currentTarget }) => set({ listSeparator: currentTarget.value })}
        />
        <Select
          label={t("encoding")}
          description={t("encodingHint")}
          data={[
            automatic,
            ...encodings.map((encoding) => ({ value: encoding, label: encoding.toUpperCase() })),
          ]}
          value={options.encoding}
          allowDeselect={false}
          onChange={(encoding) => set({ encoding: encoding ?? "" })}
        />
        <Select
          label={t("delimiter")}
          description={t("delimiterHint")}
          data={[
            automatic,
            ...[",", ";", "tab", "|"].map((delimiter) => ({
              value: delimiter,
              label: t(`delimiters.${nameOf(delimiter)}`),
            })),
          ]}
          value={options.delimiter}
          allowDeselect={false}
          onChange={(delimiter) => set({ delimiter: delimiter ?? "" })}
        />
      </SimpleGrid>
      <Checkbox.Group
        label={t("matchOn")}
        description={t("matchOnHint")}
        value={[...options.matchOn]}
        // At least one key is required; the import mode decides about unmatched rows.
        onChange={(matchOn) => matchOn.length > 0 && set({ matchOn: matchOn as ImportOptions["matchOn"] })}
      >
        <Stack gap="xs" mt="xs">
          {(["id", "external_id", "import_customer_id"] as const).map((key) => (
            <Checkbox key={key} value={key} label={t(`matchKeys.${key}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox
        label={t("ignoreMandatory")}
        description={t("ignoreMandatoryHint")}
        checked={options.ignoreMandatory}
        onChange={({ currentTarget }) => set({ ignoreMandatory: currentTarget.checked })}
      />
    </Stack>
  );
}

const nameOf = (delimiter: string) =>
  ({ ",": "comma", ";": "semicolon", tab: "tab", "|": "bar" })[delimiter] as "comma";
