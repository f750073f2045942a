import { Button, Fieldset, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useFieldsQuery } from "../../../custom-fields/queries.ts";
import { useFieldText } from "../../../custom-fields/values/field-text.ts";
import { client } from "../../../session/client.ts";
import type { LoadedCustomer } from "../customer-query.ts";
import { useActor } from "../use-actor.ts";
import { type Draft, type Value, valueIn } from "./draft.ts";
import { useEntryLabel } from "./use-entry-label.ts";

type Choice = "mine" | "theirs";
type Props = {
  now: LoadedCustomer;
  keys: readonly string[];
  draft: Draft;
  onCancel: () => void;
  /** Called with the keys whose current value wins. */
  onChosen: (theirs: readonly string[]) => void;
};

/** Edit conflict: both values of each field, and a choice between them. */
export function ConflictDialog({ now, keys, draft, onCancel, onChosen }: Props) {
  const t = useTranslations("customers.one.conflict");
  const format = useFormatter();
  const nameOf = useEntryLabel();
  const valueText = useValueText();
  const actor = useActor();
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({});
  const { id: customerId, updatedAt } = now.customer;
  const { data: last } = useQuery({
    queryKey: ["customer", customerId, "history", "last", now.etag],
    queryFn: async ({ signal }) => (await client.listHistory({ customerId, limit: 1 }, { signal })).data[0],
  });
  const chosen = keys.every((key) => choices[key]);
  return (
    <Modal
      opened
      onClose={onCancel}
      size="lg"
      title={t("title")}
      closeButtonProps={{ "aria-label": t("cancel") }}
    >
      <Stack>
        <Text>
          {t("text", {
            who: last ? actor(last) : t("someone"),
            when: format.dateTime(new Date(updatedAt), { dateStyle: "medium", timeStyle: "short" }),
          })}
        </Text>
        {keys.map((key) => (
          <Fieldset key={key} legend={nameOf(key)}>
            <Radio.Group
              aria-label={nameOf(key)}
              value={choices[key] ?? null}
              onChange={(choice) => setChoices({ ...choices, [key]: choice as Choice })}
            >
              <Stack gap="sm">
                <Radio
                  value="mine"
                  {...(key === keys[0] ? { "data-autofocus": true } : {})}
                  label={valueText(key, draft[key]!)}
                  description={t("mine")}
                />
                <Radio
                  value="theirs"
                  label={valueText(key, valueIn(now.customer, key))}
                  description={t("theirs")}
                />
              </Stack>
            </Radio.Group>
          </Fieldset>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
          <Button
            disabled={!chosen}
            onClick={() => onChosen(keys.filter((key) => choices[key] === "theirs"))}
          >
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Formats a draft value, with a word for an empty one. */
function useValueText(): (key: string, value: Value) => string {
  const t = useTranslations("customers.one");
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  const fieldText = useFieldText();
  return (key, value) => fieldText(fields.find(({ id }) => id === key) ?? null, value) || t("emptyValue");
}
