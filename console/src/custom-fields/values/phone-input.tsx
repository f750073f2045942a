import { Box, Group, Input, Select } from "@mantine/core";
import type { CountryCode } from "libphonenumber-js/min";
import { useMemo, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import type { InputProps } from "./input-props.ts";
import { browserCountry, parsePhone, usePhoneNumbers, usePhoneText } from "./phone-numbers.ts";

type Props = InputProps & { placeholder?: string };

/** A phone number with its country. A number that starts with + sets the country. */
export function PhoneInput(props: Props) {
  const { id, label, name, value, onChange, error, description, required, disabled } = props;
  const t = useTranslations("customFields.value");
  const phones = usePhoneNumbers();
  const phoneText = usePhoneText();
  const countries = useCountries();
  const [chosen, setChosen] = useState<string | null>(null);
  const phone = parsePhone(value);
  const country = phone?.country || chosen || browserCountry();
  const number = phone?.phone ? phoneText(phone.phone, "national") : (phone?.number ?? "");

  const write = (writtenNumber: string, writtenCountry: string) => {
    const numberCountry =
      writtenNumber.startsWith("+") && phones?.parsePhoneNumberFromString(writtenNumber)?.country;
    const numberOrChosenCountry = numberCountry || writtenCountry;
    setChosen(numberOrChosenCountry);
    onChange(
      writtenNumber.trim() === ""
        ? ""
        : JSON.stringify({ number: writtenNumber, country: numberOrChosenCountry }),
    );
  };
  return (
    <Input.Wrapper {...{ id, label, error, description, required }}>
      <Group gap="xs" wrap="nowrap" align="flex-start" mt={description ? 5 : 0}>
        <Box flex="1 1 55%" miw={0}>
          <Input
            type="tel"
            inputMode="tel"
            autoComplete="off"
            value={number}
            error={Boolean(error)}
            onChange={({ currentTarget }) => write(currentTarget.value, country)}
            {...{ id, required, disabled }}
            {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
          />
        </Box>
        <Select
          flex="1 1 45%"
          miw={0}
          aria-label={t("countryOf", { field: name })}
          data={countries}
          value={country}
          onChange={(code) => code !== null && write(number.replace(/^\+.*/, ""), code)}
          searchable
          allowDeselect={false}
          nothingFoundMessage={t("noCountry")}
          maxDropdownHeight={260}
          comboboxProps={{ width: 260, position: "bottom-end" }}
          disabled={disabled}
        />
      </Group>
    </Input.Wrapper>
  );
}

/** Countries by name, with their calling codes. */
function useCountries(): { value: string; label: string }[] {
  const locale = useLocale();
  const phones = usePhoneNumbers();
  return useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: "region" });
    const codes = phones?.getCountries() ?? [browserCountry()];
    const prefixOf = (code: CountryCode) => (phones ? `+${phones.getCountryCallingCode(code)} ` : "");
    return codes
      .map((code) => ({ code, name: names.of(code) ?? code }))
      .sort((one, other) => one.name.localeCompare(other.name, locale))
      .map(({ code, name }) => ({ value: code, label: prefixOf(code) + name }));
  }, [locale, phones]);
}
