import "@mantine/dates/styles.css";
import "dayjs/locale/de";
import { DatePicker } from "@mantine/dates";
import { useLocale, useTranslations } from "use-intl";

type Props = { value: string | null; onChange: (day: string | null) => void };

/** The calendar of a date input: a chunk of its own, loaded when it is opened first. */
export default function Calendar({ value, onChange }: Props) {
  const t = useTranslations("customFields.value");
  return (
    <DatePicker
      value={value}
      {...(value === null ? {} : { defaultDate: value })}
      onChange={onChange}
      allowDeselect
      locale={useLocale()}
      firstDayOfWeek={1}
      // The red of its weekends and the grey of its other months are too pale to be read by everyone.
      weekendDays={[]}
      hideOutsideDates
      ariaLabels={{
        previousMonth: t("previousMonth"),
        nextMonth: t("nextMonth"),
        previousYear: t("previousYear"),
        nextYear: t("nextYear"),
        previousDecade: t("previousDecade"),
        nextDecade: t("nextDecade"),
        monthLevelControl: t("chooseMonth"),
        yearLevelControl: t("chooseYear"),
      }}
    />
  );
}
