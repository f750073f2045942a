import { Button, Drawer, Fieldset, Loader } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { faultsOf } from "../errors/faults.ts";
import { client } from "../session/client.ts";
import { createdBy, draftOf, newDraft } from "./field-draft.ts";
import { FieldEditor } from "./field-editor.tsx";
import { FieldForm } from "./field-form.tsx";
import { FormFooter } from "./form-footer.tsx";
import { categoriesQuery, type Field } from "./queries.ts";
import { refreshDefinitions } from "./refresh-definitions.ts";

type Props = {
  /** The field that is looked at, or null. */
  field: Field | null;
  /** The category that a new field is made in, or null. */
  newIn: string | null;
  mayEdit: boolean;
  onClose: () => void;
};

/** One field beside the list: made, changed, or only looked at. */
export function FieldDrawer({ field, newIn, mayEdit, onClose }: Props) {
  const t = useTranslations("customFields.form");
  const title = field ? t(mayEdit ? "editTitle" : "lookTitle", { name: field.label }) : t("newTitle");
  return (
    <Drawer
      opened={field !== null || newIn !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={title}
      // A press beside it must not lose what was written.
      closeOnClickOutside={!mayEdit}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {newIn !== null && <NewField categoryId={newIn} onClose={onClose} />}
      {field && <LoadedField fieldId={field.id} mayEdit={mayEdit} onClose={onClose} />}
    </Drawer>
  );
}

function NewField({ categoryId, onClose }: { categoryId: string; onClose: () => void }) {
  const t = useTranslations("customFields.form");
  const queryClient = useQueryClient();
  const { data: categories = [] } = useQuery(categoriesQuery);
  const [draft, setDraft] = useState(() => newDraft(categoryId));
  const create = useMutation({
    mutationFn: () => client.createCustomField({ body: createdBy(draft) }),
    onSuccess: async ({ data }) => {
      await refreshDefinitions(queryClient);
      notifications.show({ message: t("created", { name: data.label }) });
      onClose();
    },
  });
  const faults = faultsOf(create.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <FieldForm
        draft={draft}
        onChange={setDraft}
        categories={categories}
        isDefault={false}
        faults={faults}
      />
      <FormFooter error={Object.keys(faults).length === 0 ? create.error : null}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={create.isPending}>
          {t("create")}
        </Button>
      </FormFooter>
    </form>
  );
}

/** The field as it is now, with the tag that a later write shows: the list may be older. */
function LoadedField({
  fieldId,
  mayEdit,
  onClose,
}: {
  fieldId: string;
  mayEdit: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("customFields.form");
  const { data: categories = [] } = useQuery(categoriesQuery);
  const loaded = useQuery({
    queryKey: ["field", fieldId],
    queryFn: async ({ signal }) => {
      const { data, headers } = await client.fetchCustomField({ fieldId }, { signal });
      return { field: data, etag: headers.get("etag") };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (loaded.error) return <ErrorNotice error={loaded.error} onRetry={() => void loaded.refetch()} />;
  if (!loaded.data) return <Loader aria-label={t("loading")} />;
  if (mayEdit) return <FieldEditor opened={loaded.data} categories={categories} onClose={onClose} />;
  return (
    <Fieldset variant="unstyled" disabled>
      <FieldForm
        draft={draftOf(loaded.data.field)}
        onChange={() => undefined}
        categories={categories}
        isDefault={loaded.data.field.isDefault}
        faults={{}}
      />
    </Fieldset>
  );
}
