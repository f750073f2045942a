import { Button, Drawer, Fieldset, Loader } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { bodyErrors } from "../../errors/field-errors.ts";
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
  /** The open field, or null. */
  field: Field | null;
  /** The category of a new field, or null. */
  newInCategoryId: string | null;
  mayEdit: boolean;
  onClose: () => void;
};

/** A drawer to create, edit or view a field. */
export function FieldDrawer({ field, newInCategoryId, mayEdit, onClose }: Props) {
  const t = useTranslations("customFields.form");
  const [isDirty, setDirty] = useState(false);
  const [isConfirming, setConfirming] = useState(false);
  const title = field ? t(mayEdit ? "editTitle" : "viewTitle", { name: field.label }) : t("newTitle");
  return (
    <>
      <Drawer
        opened={field !== null || newInCategoryId !== null}
        // Escape or a click outside must not discard unsaved changes.
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
      {/* Mounted on demand: the Escape that opens it would close it at once. */}
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
  /** Called with whether there are unsaved changes. */
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
  // A layout effect runs before the next key press, which may be Escape.
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
  const fieldErrors = bodyErrors(create.error);
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

/** Loads the field with its ETag: the cached list may be older. */
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
