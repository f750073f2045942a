import { ClienteleError } from "@clientele/sdk";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { faultsOf } from "../errors/faults.ts";
import { client } from "../session/client.ts";
import { ChangeEffects } from "./change-effects.tsx";
import { type Effects, effectsOf, effectsOfRefusal } from "./effects.ts";
import { expecting } from "./expecting.ts";
import { FieldConflict } from "./field-conflict.tsx";
import { changedBy, draftOf, type FieldDraft, rebased } from "./field-draft.ts";
import { FieldForm } from "./field-form.tsx";
import { FormFooter } from "./form-footer.tsx";
import type { Category, Field } from "./queries.ts";
import { refreshDefinitions } from "./refresh-definitions.ts";

type Opened = { field: Field; etag: string | null };
type Props = { opened: Opened; categories: readonly Category[]; onClose: () => void };

type Save = { from: Opened; wanted: FieldDraft; isConfirmed: boolean };

const touching = ["type", "is_mandatory", "is_unique", "validation", "select_options"];
const touchesCustomers = (body: object) => touching.some((name) => name in body);
const isConflict = (error: unknown) => error instanceof ClienteleError && error.code === "VERSION_MISMATCH";

/** Changes a field. What a change does to customers is shown before it is made. */
export function FieldEditor({ opened, categories, onClose }: Props) {
  const t = useTranslations("customFields.form");
  const queryClient = useQueryClient();
  const [base, setBase] = useState(opened);
  const [draft, setDraft] = useState(() => draftOf(opened.field));
  const [effects, setEffects] = useState<Effects | null>(null);
  const [theirs, setTheirs] = useState<Opened | null>(null);

  const save = useMutation({
    mutationFn: async ({ from, wanted, isConfirmed }: Save) => {
      const body = changedBy(wanted, from.field);
      if (Object.keys(body).length === 0) return t("unchanged");
      const request = { fieldId: from.field.id, body };
      const options = expecting(from.etag);
      try {
        if (!isConfirmed && touchesCustomers(body)) {
          const { data } = await client.updateCustomField({ ...request, dry_run: true }, options);
          const foreseen = effectsOf(data.effect!, from.field, wanted);
          if (foreseen !== null) {
            setEffects(foreseen);
            return null;
          }
        }
        const { data } = await client.updateCustomField(request, options);
        return t("saved", { name: data.label });
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
        if (Object.keys(faultsOf(error)).length > 0) setEffects(null);
        throw error;
      }
    },
    onSuccess: async (said) => {
      if (said === null) return;
      await refreshDefinitions(queryClient);
      notifications.show({ message: said });
      onClose();
    },
  });

  if (effects !== null) {
    return (
      <ChangeEffects
        effects={effects}
        field={base.field}
        error={save.error}
        isPending={save.isPending}
        onBack={() => setEffects(null)}
        onConfirm={() => save.mutate({ from: base, wanted: draft, isConfirmed: true })}
      />
    );
  }
  const faults = faultsOf(save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ from: base, wanted: draft, isConfirmed: false });
      }}
    >
      {theirs && (
        <FieldConflict
          theirs={theirs.field}
          before={base.field}
          mine={rebased(draft, base.field, theirs.field)}
          onKeepMine={() => {
            const wanted = rebased(draft, base.field, theirs.field);
            setBase(theirs);
            setDraft(wanted);
            setTheirs(null);
            save.mutate({ from: theirs, wanted, isConfirmed: false });
          }}
          onTakeTheirs={() => {
            setBase(theirs);
            setDraft(draftOf(theirs.field));
            setTheirs(null);
          }}
        />
      )}
      <FieldForm
        draft={draft}
        onChange={setDraft}
        categories={categories}
        isDefault={base.field.isDefault}
        faults={faults}
      />
      <FormFooter error={Object.keys(faults).length === 0 ? save.error : null}>
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
