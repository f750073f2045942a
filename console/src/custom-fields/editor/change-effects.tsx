import { Alert, Button, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import type { Field } from "../definitions.ts";
import { AffectedCustomers } from "./affected-customers.tsx";
import type { Effects } from "./effects.ts";
import { FormFooter } from "./form-footer.tsx";

type Props = {
  effects: Effects;
  field: Field;
  error: unknown;
  isPending: boolean;
  onBack: () => void;
  onConfirm: () => void;
};

/** Effects of a field change on customers, shown before the change is saved. */
export function ChangeEffects({ effects, field, error, isPending, onBack, onConfirm }: Props) {
  const t = useTranslations("customFields.effects");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { affected, removedOptions } = effects;
  const isRefused = affected.some((group) => group.isRefused);
  return (
    <Stack>
      <Title order={2} size="h4" ref={heading} tabIndex={-1}>
        {t(isRefused ? "blockedTitle" : "title")}
      </Title>
      {affected.map((group) => (
        <Alert
          key={group.kind}
          color={group.isRefused ? "red" : "lagoon"}
          icon={<IconAlertTriangle aria-hidden />}
          title={t(group.kind, { count: group.count })}
        >
          <AffectedCustomers
            affected={group}
            {...(group.kind === "mandatory" ? { search: { filter_is: { [field.id]: "unset" } } } : {})}
          />
        </Alert>
      ))}
      {removedOptions.length > 0 && (
        <div>
          <Text fw={600}>{t("removedOptions")}</Text>
          <ul>
            {removedOptions.map(({ label, count }) => (
              <li key={label}>{t("option", { label, count })}</li>
            ))}
          </ul>
        </div>
      )}
      {isRefused && <Text size="sm">{t("fixFirst")}</Text>}
      <FormFooter error={error}>
        <Button variant="default" onClick={onBack}>
          {t("back")}
        </Button>
        {!isRefused && (
          <Button loading={isPending} onClick={onConfirm}>
            {t("confirm")}
          </Button>
        )}
      </FormFooter>
    </Stack>
  );
}
