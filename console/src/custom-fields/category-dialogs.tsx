import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { faultsOf } from "../errors/faults.ts";
import { client } from "../session/client.ts";
import { useDefinitionFault } from "./definition-faults.ts";
import type { Category } from "./queries.ts";
import { refreshDefinitions } from "./refresh-definitions.ts";

type NameProps = {
  /** The category that is called otherwise; null makes one. */
  category: Category | null;
  onClose: () => void;
};

/** The name of a category, new or another. */
export function CategoryNameDialog({ category, onClose }: NameProps) {
  const t = useTranslations("customFields.category");
  const queryClient = useQueryClient();
  const faultText = useDefinitionFault();
  const [name, setName] = useState(category?.name ?? "");
  const save = useMutation({
    mutationFn: async () => {
      if (category === null) return client.createCategory({ body: { name } });
      return client.updateCategory({ categoryId: category.id, body: { name } });
    },
    onSuccess: async () => {
      await refreshDefinitions(queryClient);
      onClose();
    },
  });
  const fault = faultsOf(save.error)["name"];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(category === null ? "newTitle" : "renameTitle", { name: category?.name ?? "" })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {save.error && fault === undefined && <ErrorNotice error={save.error} />}
          <TextInput
            label={t("name")}
            required
            maxLength={255}
            data-autofocus
            value={name}
            error={fault && faultText(fault)}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t(category === null ? "create" : "save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

type DeleteProps = {
  category: Category;
  /** Of the category that its fields go to. */
  defaultName: string;
  fieldCount: number;
  onClose: () => void;
};

/** Asks before a category goes; its fields and their values stay. */
export function DeleteCategoryDialog({ category, defaultName, fieldCount, onClose }: DeleteProps) {
  const t = useTranslations("customFields.category");
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.deleteCategory({ categoryId: category.id }),
    onSuccess: async () => {
      await refreshDefinitions(queryClient);
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("deleteTitle", { name: category.name })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        {remove.error && <ErrorNotice error={remove.error} />}
        <Text>{t("deleteText", { count: fieldCount, category: defaultName })}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("delete")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
