import "@mantine/dates/styles.css";
import "dayjs/locale/de";
import { DatePicker } from "@mantine/dates";
import { useLocale, useTranslations } from "use-intl";

type Props = { value: string | null; onChange: (day: string | null) => void };

/** A separate chunk, loaded when a calendar is first opened. */
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
      // The library's red weekends and grey outside days fail the contrast requirement of 4.5.
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
