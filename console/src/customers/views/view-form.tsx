import { Button, Group, Stack, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import type { View, ViewDefinition } from "./queries.ts";
import { useSaveView } from "./use-save-view.ts";

type Props = {
  /** Null creates a view. */
  view: View | null;
  /** The definition of a new view. */
  definition: ViewDefinition;
  onSaved: (view: View) => void;
  onCancel: () => void;
};

export function ViewForm({ view, definition, onSaved, onCancel }: Props) {
  const t = useTranslations("customers.table.views");
  const [name, setName] = useState(view?.name ?? "");
  const [isShared, setIsShared] = useState(view?.isShared ?? false);
  const save = useSaveView(onSaved);
  const isTaken = save.error !== null && "code" in save.error && save.error.code === "NAME_TAKEN";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const change = { name: name.trim(), is_shared: isShared };
        save.mutate(view === null ? { view, change: { ...change, definition } } : { view, change });
      }}
    >
      <Stack>
        <TextInput
          label={t("name")}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={100}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={isTaken && t("nameTaken")}
        />
        <Switch
          label={t("isShared")}
          checked={isShared}
          onChange={({ currentTarget }) => setIsShared(currentTarget.checked)}
        />
        {save.error && !isTaken && <ErrorNotice error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
