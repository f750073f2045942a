import { ClienteleError } from "@clientele/sdk";
import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { DateInput } from "../../custom-fields/date-input.tsx";
import { dayIn } from "../../custom-fields/day.ts";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { FieldList } from "./field-list.tsx";
import { useNameOf } from "./use-name-of.ts";

type Props = {
  customerId: string;
  /** A moment, or `""` for one that is still to be chosen. */
  asOf: string;
  onClose: () => void;
  /** With the version that is shown. */
  onRestore?: (version: number) => void;
};

/** The record as it was at a time. */
export function Past({ customerId, asOf, onClose, onRestore }: Props) {
  const t = useTranslations("customers.one.past");
  const format = useFormatter();
  const nameOf = useNameOf();
  const [day, setDay] = useState("");
  const time = asOf || (dayIn(day, "en") === null ? "" : endOf(day));
  const { data, error, isFetching } = useQuery({
    queryKey: ["customer", customerId, "history", "as-of", time],
    queryFn: async ({ signal }) =>
      (await client.listHistory({ customerId, as_of: time, limit: 1 }, { signal })).data[0] ?? null,
    enabled: time !== "",
  });
  const when = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
  const isAbsent = error instanceof ClienteleError && error.code === "CUSTOMER_NOT_FOUND";
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={asOf === "" ? t("titleOfDay") : t("title", { when: when(asOf) })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        {asOf === "" && (
          <DateInput
            id="past-day"
            label={t("day")}
            name={t("day")}
            description={t("dayHint")}
            value={day}
            onChange={setDay}
            required={false}
            disabled={false}
          />
        )}
        {isFetching && <Skeleton h={160} aria-label={t("loading")} />}
        {isAbsent && <Alert color="gray">{t("absent")}</Alert>}
        {error && !isAbsent && <ErrorNotice error={error} />}
        {data?.customer && (
          <>
            <Text role="status">
              {t("shown", {
                name: nameOf(data.customer),
                version: data.version,
                when: when(data.customer.updatedAt),
              })}
            </Text>
            <FieldList customer={data.customer} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t("close")}
              </Button>
              {onRestore && <Button onClick={() => onRestore(data.version)}>{t("restore")}</Button>}
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}

/** The last moment of a day as the person's clock has it. */
function endOf(day: string): string {
  const end = new Date(`${day}T23:59:59`);
  return `${end.toISOString().slice(0, 19)}Z`;
}
