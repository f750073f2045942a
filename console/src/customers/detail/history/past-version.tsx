import { ClienteleError } from "@clientele/sdk";
import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { Field } from "../../../custom-fields/definitions.ts";
import { useFieldsQuery } from "../../../custom-fields/queries.ts";
import { DateInput } from "../../../custom-fields/values/date-input.tsx";
import { parseDay } from "../../../custom-fields/values/day.ts";
import { ErrorNotice } from "../../../errors/error-notice.tsx";
import { client } from "../../../session/client.ts";
import { FieldList } from "../field-list.tsx";
import { applyChanges, changesBackTo } from "./version-diff.ts";

export type VersionRef = { version: number; at: string };

type Props = {
  customerId: string;
  /** The version to show; null asks for a date. */
  versionRef: VersionRef | null;
  onClose: () => void;
  onRestore?: (version: number) => void;
};

/** A customer as of a version or date. */
export function PastVersion({ customerId, versionRef, onClose, onRestore }: Props) {
  const t = useTranslations("customers.one.past");
  const format = useFormatter();
  const { data: definitions } = useSuspenseQuery(useFieldsQuery());
  const [day, setDay] = useState("");
  const time = versionRef?.at ?? (parseDay(day, "en") === null ? "" : endOf(day));
  const { data, error, isFetching } = useQuery({
    queryKey: ["customer", customerId, "history", "as-of", time, versionRef?.version],
    queryFn: ({ signal }) => loadPastVersion(customerId, time, versionRef?.version, definitions, signal),
    enabled: time !== "",
  });
  const when = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
  const isAbsent = error instanceof ClienteleError && error.code === "CUSTOMER_NOT_FOUND";
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={versionRef ? t("title", versionRef) : t("titleOfDay")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        {versionRef === null && (
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
        {isFetching && <Skeleton h={160} role="status" aria-label={t("loading")} />}
        {isAbsent && <Alert color="gray">{t("absent")}</Alert>}
        {error && !isAbsent && <ErrorNotice error={error} />}
        {data && (
          <>
            <Text role="status">{t("shown", { version: data.version, when: when(data.at) })}</Text>
            <FieldList customer={data.record} />
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

/** The last second of a day in the local time zone. */
function endOf(day: string): string {
  const end = new Date(`${day}T23:59:59`);
  return `${end.toISOString().slice(0, 19)}Z`;
}

/** Loads a version. `as_of` returns the last version of a second; earlier ones in it are derived. */
async function loadPastVersion(
  customerId: string,
  time: string,
  version: number | undefined,
  definitions: readonly Field[],
  signal: AbortSignal,
) {
  const { data } = await client.listHistory({ customerId, as_of: time, limit: 100 }, { signal });
  const [last] = data;
  if (!last?.customer) return null;
  const changes = version === undefined ? [] : await changesBackTo(data, version);
  const record = applyChanges(last.customer, changes, definitions);
  return { record, version: version ?? last.version, at: last.at };
}
