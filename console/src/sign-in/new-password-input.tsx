import { PasswordInput } from "@mantine/core";
import { useTranslations } from "use-intl";

const passwordLength = { min: 12, max: 128 };

type Props = { hasErrors: boolean; value: string; onChange: (password: string) => void };

export function NewPasswordInput({ hasErrors, value, onChange }: Props) {
  const t = useTranslations("signIn");
  return (
    <PasswordInput
      label={t("newPassword")}
      description={t("passwordRule", { min: passwordLength.min })}
      autoComplete="new-password"
      required
      withAsterisk={false}
      minLength={passwordLength.min}
      maxLength={passwordLength.max}
      error={hasErrors && t("passwordLength", passwordLength)}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
    />
  );
}
