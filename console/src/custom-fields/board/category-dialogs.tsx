import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { useFieldErrorText } from "../../errors/field-error-text.ts";
import { bodyErrors } from "../../errors/field-errors.ts";
import { client } from "../../session/client.ts";
import type { Category } from "../definitions.ts";
import { ifMatch } from "../if-match.ts";
import { refreshDefinitions } from "../refresh-definitions.ts";

/** The category's ETag at the time the dialog was opened. */
const tagQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ["category", categoryId],
    queryFn: async ({ signal }) =>
      (await client.fetchCategory({ categoryId }, { signal })).headers.get("etag"),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

type NameProps = {
  /** The category to rename; null creates one. */
  category: Category | null;
  onClose: () => void;
};

export function CategoryNameDialog({ category, onClose }: NameProps) {
  const t = useTranslations("customFields.category");
  const queryClient = useQueryClient();
  const fieldErrorText = useFieldErrorText();
  const [name, setName] = useState(category?.name ?? "");
  const tag = useQuery({ ...tagQuery(category?.id ?? ""), enabled: category !== null });
  const save = useMutation({
    mutationFn: async () => {
      if (category === null) return client.createCategory({ body: { name } });
      // Unchanged: saving the translated name would overwrite the original one.
      if (name === category.name) return null;
      return client.updateCategory({ categoryId: category.id, body: { name } }, ifMatch(tag.data ?? null));
    },
    onSuccess: async () => {
      await refreshDefinitions(queryClient);
      onClose();
    },
  });
  const fieldError = bodyErrors(save.error)["name"];
  const failure = save.error ?? tag.error;
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
          {failure && fieldError === undefined && (
            <ErrorNotice
              error={failure}
              onRetry={() => {
                save.reset();
                void tag.refetch();
              }}
            />
          )}
          <TextInput
            label={t("name")}
            required
            maxLength={255}
            data-autofocus
            value={name}
            error={fieldError && fieldErrorText(fieldError)}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={tag.isLoading}>
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
  /** Name of the category that receives the fields. */
  defaultName: string;
  fieldCount: number;
  onClose: () => void;
};

/** Confirms deleting a category; its fields move to the default category. */
export function DeleteCategoryDialog({ category, defaultName, fieldCount, onClose }: DeleteProps) {
  const t = useTranslations("customFields.category");
  const queryClient = useQueryClient();
  const tag = useQuery(tagQuery(category.id));
  const remove = useMutation({
    mutationFn: () => client.deleteCategory({ categoryId: category.id }, ifMatch(tag.data ?? null)),
    onSuccess: async () => {
      await refreshDefinitions(queryClient);
      onClose();
    },
  });
  const failure = remove.error ?? tag.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("deleteTitle", { name: category.name })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        {failure && (
          <ErrorNotice
            error={failure}
            onRetry={() => {
              remove.reset();
              void tag.refetch();
            }}
          />
        )}
        <Text>{t("deleteText", { count: fieldCount, category: defaultName })}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            disabled={tag.isLoading}
            onClick={() => remove.mutate()}
          >
            {t("delete")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
