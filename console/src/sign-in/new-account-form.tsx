import { Button, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { FieldErrors } from "../errors/field-errors.ts";
import { NewPasswordInput } from "./new-password-input.tsx";

export type NewAccount = { name: string; email: string; password: string };

type Props = {
  /** Requested inputs; a given e-mail address is read-only. */
  asks: { name: boolean; email: boolean };
  email?: string;
  submit: string;
  isPending: boolean;
  /** Errors by input name. */
  fieldErrors: FieldErrors;
  onSubmit: (account: NewAccount) => void;
};

export function NewAccountForm({
  asks,
  email: givenEmail = "",
  submit,
  isPending,
  fieldErrors,
  onSubmit,
}: Props) {
  const t = useTranslations("signIn");
  const [account, setAccount] = useState<NewAccount>({ name: "", email: givenEmail, password: "" });
  const set = (part: Partial<NewAccount>) => setAccount((before) => ({ ...before, ...part }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(account);
      }}
    >
      <Stack>
        {asks.name && (
          <TextInput
            label={t("name")}
            autoComplete="name"
            required
            withAsterisk={false}
            autoFocus
            maxLength={200}
            error={"name" in fieldErrors && t("nameRequired")}
            value={account.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
        )}
        <TextInput
          label={t("email")}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          readOnly={!asks.email}
          error={"email" in fieldErrors && t("emailInvalid")}
          value={account.email}
          onChange={({ currentTarget }) => set({ email: currentTarget.value })}
        />
        <NewPasswordInput
          hasErrors={"password" in fieldErrors}
          value={account.password}
          onChange={(password) => set({ password })}
        />
        <Button type="submit" loading={isPending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
