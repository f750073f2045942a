import { ActionIcon, Loader, Popover, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendar } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { formatDay, parseDay } from "./day.ts";
import type { InputProps } from "./input-props.ts";

const Calendar = lazy(() => import("./calendar.tsx"));

/** A date, typed or picked. Invalid text is passed on unchanged, so that the server can report it. */
export function DateInput({ value, onChange, name, disabled, ...rest }: InputProps) {
  const t = useTranslations("customFields.value");
  const locale = useLocale();
  const [typed, setTyped] = useState({ text: "", value: "" });
  const [isOpen, { toggle, close }] = useDisclosure();
  const write = (text: string) => {
    const day = parseDay(text, locale) ?? text.trim();
    setTyped({ text, value: day });
    onChange(day);
  };
  const calendar = (
    <Popover opened={isOpen} onChange={close} trapFocus returnFocus position="bottom-end" shadow="md">
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          onClick={toggle}
          disabled={disabled}
          aria-label={t("chooseDay", { field: name })}
        >
          <IconCalendar size={18} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("chooseDay", { field: name })}>
        <Suspense fallback={<Loader size="sm" role="status" aria-label={t("loading")} />}>
          <Calendar
            value={parseDay(value, "en")}
            onChange={(day) => {
              write(day === null ? "" : formatDay(day, locale));
              close();
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
  return (
    <TextInput
      {...rest}
      disabled={disabled}
      autoComplete="off"
      placeholder={t("dayPlaceholder")}
      value={typed.value === value ? typed.text : formatDay(value, locale)}
      onChange={({ currentTarget }) => write(currentTarget.value)}
      rightSection={calendar}
    />
  );
}
