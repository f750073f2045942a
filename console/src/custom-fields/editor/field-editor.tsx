import { ClienteleError } from "@clientele/sdk";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { bodyErrors } from "../../errors/field-errors.ts";
import { client } from "../../session/client.ts";
import { useDefaultNames } from "../default-names.ts";
import type { Category, Field } from "../definitions.ts";
import { ifMatch } from "../if-match.ts";
import { refreshDefinitions } from "../refresh-definitions.ts";
import { ChangeEffects } from "./change-effects.tsx";
import { type Effects, effectsOf, effectsOfRefusal } from "./effects.ts";
import { FieldConflict } from "./field-conflict.tsx";
import { changedAttributes, draftOf, type FieldDraft, rebased, withOriginalLabels } from "./field-draft.ts";
import { FieldForm } from "./field-form.tsx";
import { FormFooter } from "./form-footer.tsx";

/** The field with the server's original names. */
type LoadedField = { field: Field; etag: string | null };
type Props = {
  loaded: LoadedField;
  categories: readonly Category[];
  /** Called with whether there are unsaved changes. */
  onDirtyChange: (isDirty: boolean) => void;
  onClose: () => void;
};

type Save = { from: LoadedField; draftToSave: FieldDraft; isConfirmed: boolean };

const attributesWithEffects = ["type", "is_mandatory", "is_unique", "validation", "select_options"];
const hasEffects = (body: object) => attributesWithEffects.some((name) => name in body);
const isConflict = (error: unknown) => error instanceof ClienteleError && error.code === "VERSION_MISMATCH";

/** Edits a field. Previews the effects on customers before saving. */
export function FieldEditor({ loaded, categories, onDirtyChange: onDrafted, onClose }: Props) {
  const t = useTranslations("customFields.form");
  const queryClient = useQueryClient();
  const { fieldNamed } = useDefaultNames();
  const [base, setBase] = useState(loaded);
  const shown = fieldNamed(base.field);
  const [draft, setDraft] = useState(() => draftOf(shown));
  const [effects, setEffects] = useState<Effects | null>(null);
  const [theirs, setTheirs] = useState<LoadedField | null>(null);

  const isDirty = Object.keys(changedAttributes(draft, shown)).length > 0;
  // A layout effect runs before the next key press, which may be Escape.
  useLayoutEffect(() => {
    onDrafted(isDirty);
    return () => onDrafted(false);
  }, [isDirty, onDrafted]);

  const save = useMutation({
    mutationFn: async ({ from, draftToSave, isConfirmed }: Save) => {
      const before = fieldNamed(from.field);
      const body = withOriginalLabels(changedAttributes(draftToSave, before), from.field, before);
      if (Object.keys(body).length === 0) return t("unchanged");
      const request = { fieldId: from.field.id, body };
      const options = ifMatch(from.etag);
      try {
        if (!isConfirmed && hasEffects(body)) {
          const { data } = await client.updateCustomField({ ...request, dry_run: true }, options);
          const preview = effectsOf(data.effect!, before, draftToSave);
          if (preview !== null) {
            setEffects(preview);
            return null;
          }
        }
        const { data } = await client.updateCustomField(request, options);
        return t("saved", { name: fieldNamed(data).label });
      } catch (error) {
        const refusal = effectsOfRefusal(error);
        if (refusal !== null) {
          setEffects(refusal);
          return null;
        }
        if (isConflict(error)) {
          setEffects(null);
          const { data, headers } = await client.fetchCustomField({ fieldId: from.field.id });
          setTheirs({ field: data, etag: headers.get("etag") });
          return null;
        }
        if (Object.keys(bodyErrors(error)).length > 0) setEffects(null);
        throw error;
      }
    },
    onSuccess: async (message) => {
      if (message === null) return;
      await refreshDefinitions(queryClient);
      notifications.show({ message: message });
      onClose();
    },
  });

  if (effects !== null) {
    return (
      <ChangeEffects
        effects={effects}
        field={shown}
        error={save.error}
        isPending={save.isPending}
        onBack={() => setEffects(null)}
        onConfirm={() => save.mutate({ from: base, draftToSave: draft, isConfirmed: true })}
      />
    );
  }
  const fieldErrors = bodyErrors(save.error);
  const theirField = theirs && fieldNamed(theirs.field);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ from: base, draftToSave: draft, isConfirmed: false });
      }}
    >
      {theirs && theirField && (
        <FieldConflict
          theirs={theirField}
          before={shown}
          mine={rebased(draft, shown, theirField)}
          onKeepMine={() => {
            const draftToSave = rebased(draft, shown, theirField);
            setBase(theirs);
            setDraft(draftToSave);
            setTheirs(null);
            save.mutate({ from: theirs, draftToSave, isConfirmed: false });
          }}
          onTakeTheirs={() => {
            setBase(theirs);
            setDraft(draftOf(theirField));
            setTheirs(null);
          }}
        />
      )}
      <FieldForm
        draft={draft}
        onChange={setDraft}
        categories={categories}
        isDefault={base.field.isDefault}
        originalLabel={shown.label === base.field.label ? null : base.field.label}
        fieldErrors={fieldErrors}
      />
      <FormFooter error={Object.keys(fieldErrors).length === 0 ? save.error : null}>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={theirs !== null}>
          {t("save")}
        </Button>
      </FormFooter>
    </form>
  );
}
