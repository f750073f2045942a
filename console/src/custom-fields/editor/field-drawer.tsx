import { Button, Drawer, Fieldset, Loader } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { fieldErrorsOf } from "../../errors/faults.ts";
import { client } from "../../session/client.ts";
import { LeaveDialog } from "../../shell/leave-dialog.tsx";
import { LeaveGuard } from "../../shell/leave-guard.tsx";
import { useDefaultNames } from "../default-names.ts";
import type { Field } from "../definitions.ts";
import { useCategoriesQuery } from "../queries.ts";
import { refreshDefinitions } from "../refresh-definitions.ts";
import { creationBody, draftOf, newDraft } from "./field-draft.ts";
import { FieldEditor } from "./field-editor.tsx";
import { FieldForm } from "./field-form.tsx";
import { FormFooter } from "./form-footer.tsx";

type Props = {
  /** The field that is looked at, or null. */
  field: Field | null;
  /** The category that a new field is made in, or null. */
  newInCategoryId: string | null;
  mayEdit: boolean;
  onClose: () => void;
};

/** One field beside the list: made, changed, or only looked at. */
export function FieldDrawer({ field, newInCategoryId, mayEdit, onClose }: Props) {
  const t = useTranslations("customFields.form");
  const [isDirty, setDirty] = useState(false);
  const [isConfirming, setConfirming] = useState(false);
  const title = field ? t(mayEdit ? "editTitle" : "viewTitle", { name: field.label }) : t("newTitle");
  return (
    <>
      <Drawer
        opened={field !== null || newInCategoryId !== null}
        // Neither Escape nor a press beside it must lose what was written.
        onClose={() => (isDirty ? setConfirming(true) : onClose())}
        closeOnEscape={!isConfirming}
        closeOnClickOutside={!mayEdit}
        position="right"
        size="lg"
        title={title}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        {newInCategoryId !== null && (
          <NewField categoryId={newInCategoryId} onDirtyChange={setDirty} onClose={onClose} />
        )}
        {field && (
          <LoadedField fieldId={field.id} mayEdit={mayEdit} onDirtyChange={setDirty} onClose={onClose} />
        )}
      </Drawer>
      <LeaveGuard isDirty={isDirty} />
      {/* There only while it asks: the very Escape that it asks about would close it. */}
      {isConfirming && (
        <LeaveDialog
          onStay={() => setConfirming(false)}
          onLeave={() => {
            setConfirming(false);
            onClose();
          }}
        />
      )}
    </>
  );
}

type FormProps = {
  /** Something was written that is not saved, or no longer. */
  onDirtyChange: (isDirty: boolean) => void;
  onClose: () => void;
};

function NewField({ categoryId, onDirtyChange, onClose }: FormProps & { categoryId: string }) {
  const t = useTranslations("customFields.form");
  const queryClient = useQueryClient();
  const { data: categories = [] } = useQuery(useCategoriesQuery());
  const [blank] = useState(() => newDraft(categoryId));
  const [draft, setDraft] = useState(blank);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(blank);
  // Known before the next key, which may be Escape.
  useLayoutEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);
  const create = useMutation({
    mutationFn: () => client.createCustomField({ body: creationBody(draft) }),
    onSuccess: async ({ data }) => {
      await refreshDefinitions(queryClient);
      notifications.show({ message: t("created", { name: data.label }) });
      onClose();
    },
  });
  const fieldErrors = fieldErrorsOf(create.error);
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
        fieldErrors={fieldErrors}
      />
      <FormFooter error={Object.keys(fieldErrors).length === 0 ? create.error : null}>
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
function LoadedField({ fieldId, mayEdit, ...inside }: FormProps & { fieldId: string; mayEdit: boolean }) {
  const t = useTranslations("customFields.form");
  const { fieldNamed } = useDefaultNames();
  const { data: categories = [] } = useQuery(useCategoriesQuery());
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
  if (mayEdit) return <FieldEditor loaded={loaded.data} categories={categories} {...inside} />;
  const { field } = loaded.data;
  const shown = fieldNamed(field);
  return (
    <Fieldset variant="unstyled" disabled>
      <FieldForm
        draft={draftOf(shown)}
        onChange={() => undefined}
        categories={categories}
        isDefault={field.isDefault}
        originalLabel={shown.label === field.label ? null : field.label}
        fieldErrors={{}}
      />
    </Fieldset>
  );
}
