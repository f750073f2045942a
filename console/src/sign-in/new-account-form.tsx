import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";

export type NewAccount = { name: string; email: string; password: string };

type Props = {
  /** What is asked for; an e-mail address that is given already is only shown. */
  asks: { name: boolean; email: boolean };
  email?: string;
  submit: string;
  isPending: boolean;
  /** Faults by the name of what they are about. */
  faults: Record<string, string>;
  onSubmit: (account: NewAccount) => void;
};

const passwordLengthMin = 12;

/** Name, e-mail and a new password, as far as they are asked for. */
export function NewAccountForm({ asks, email: givenEmail = "", submit, isPending, faults, onSubmit }: Props) {
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
            error={faults["name"]}
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
          error={faults["email"]}
          value={account.email}
          onChange={({ currentTarget }) => set({ email: currentTarget.value })}
        />
        <PasswordInput
          label={t("newPassword")}
          description={t("passwordRule", { min: passwordLengthMin })}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={passwordLengthMin}
          error={faults["password"]}
          value={account.password}
          onChange={({ currentTarget }) => set({ password: currentTarget.value })}
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        />
        <Button type="submit" loading={isPending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
