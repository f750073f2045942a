import {
  Autocomplete,
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { companiesQuery } from "../../../companies/queries.ts";
import { DateInput } from "../../../custom-fields/values/date-input.tsx";
import { parseDay } from "../../../custom-fields/values/day.ts";
import { ErrorNotice } from "../../../errors/error-notice.tsx";
import { useFieldErrorText } from "../../../errors/field-error-text.ts";
import { bodyErrors } from "../../../errors/field-errors.ts";
import { client } from "../../../session/client.ts";
import { queryClient } from "../../../session/query-client.ts";

type Props = { customerId: string; types: readonly string[]; onClose: () => void };

const blank = { type: "booking", title: "", day: "", time: "09:00", notes: "" };

/** Adds a booking or another event. Times are local. */
export function AddEventDialog({ customerId, types, onClose }: Props) {
  const t = useTranslations("customers.one.add");
  const { data: companies = [] } = useQuery(companiesQuery);
  const [event, setEvent] = useState(blank);
  const [duration, setDuration] = useState<number | string>(60);
  const [companyId, setCompanyId] = useState<string | null>(null);
  const write = (part: Partial<typeof blank>) => setEvent((before) => ({ ...before, ...part }));
  const { type, title, day, time, notes } = event;
  const isDay = parseDay(day, "en") !== null;
  const add = useMutation({
    mutationFn: () =>
      client.createEvent({
        customerId,
        body: {
          type: type.trim(),
          title,
          notes,
          start_date: `${new Date(`${day}T${time}`).toISOString().slice(0, 19)}Z`,
          duration: Number(duration) || 0,
          company_id: companyId,
        },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["customer", customerId] });
      onClose();
    },
  });
  const fieldErrorText = useFieldErrorText();
  const fieldErrors = Object.fromEntries(
    Object.entries(bodyErrors(add.error)).map(([path, error]) => [path, fieldErrorText(error)]),
  );
  const [isSubmitted, setSubmitted] = useState(false);
  return (
    <Modal opened onClose={onClose} title={t("title")} closeButtonProps={{ "aria-label": t("cancel") }}>
      <form
        noValidate
        onSubmit={(submitted) => {
          submitted.preventDefault();
          setSubmitted(true);
          if (isDay) add.mutate();
        }}
      >
        <Stack>
          {add.error && Object.keys(fieldErrors).length === 0 && <ErrorNotice error={add.error} />}
          <TextInput
            label={t("eventTitle")}
            value={title}
            onChange={({ currentTarget }) => write({ title: currentTarget.value })}
            error={fieldErrors["title"]}
            data-autofocus
          />
          <Group grow align="flex-start">
            <DateInput
              id="event-day"
              label={t("day")}
              name={t("day")}
              value={day}
              onChange={(written) => write({ day: written })}
              error={isSubmitted && !isDay ? t("dayRequired") : fieldErrors["start_date"]}
              required
              disabled={false}
            />
            <TextInput
              type="time"
              label={t("time")}
              value={time}
              onChange={({ currentTarget }) => write({ time: currentTarget.value || blank.time })}
            />
          </Group>
          <Group grow align="flex-start">
            <NumberInput
              label={t("minutes")}
              min={0}
              max={525_600}
              step={5}
              allowDecimal={false}
              value={duration}
              onChange={setDuration}
              error={fieldErrors["duration"]}
              hideControls
            />
            <Autocomplete
              label={t("type")}
              data={[...types]}
              value={type}
              onChange={(written) => write({ type: written })}
              error={fieldErrors["type"]}
              maxLength={64}
            />
          </Group>
          {companies.length > 0 && (
            <Select
              label={t("company")}
              data={companies.map(({ id, name }) => ({ value: id, label: name }))}
              value={companyId}
              onChange={setCompanyId}
              error={fieldErrors["company_id"]}
              searchable
              clearable
              clearButtonProps={{ "aria-label": t("noCompany") }}
            />
          )}
          <Textarea
            label={t("notes")}
            value={notes}
            onChange={({ currentTarget }) => write({ notes: currentTarget.value })}
            error={fieldErrors["notes"]}
            autosize
            minRows={2}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t("submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
