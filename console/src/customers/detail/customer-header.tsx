import {
  ActionIcon,
  Anchor,
  Avatar,
  Badge,
  CopyButton,
  Group,
  Stack,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { useFieldText } from "../../custom-fields/values/field-text.ts";
import { parsePhone } from "../../custom-fields/values/phone-numbers.ts";
import type { Customer } from "./customer-query.ts";
import { useCustomerName } from "./use-customer-name.ts";

/** Name and contact data, which the front desk needs first. */
export function CustomerHeader({ customer, actions }: { customer: Customer; actions: ReactNode }) {
  const t = useTranslations("customers.one");
  const format = useFormatter();
  const name = useCustomerName()(customer);
  const { firstLetters, companyName, tags, totalBookings, updatedAt } = customer;
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="flex-start">
        <Group gap="sm" miw={0} flex="1 1 auto" wrap="nowrap">
          <Avatar color="lagoon" variant="filled" radius="xl" aria-hidden>
            {firstLetters.slice(0, 2)}
          </Avatar>
          <div>
            <Group gap={4} wrap="nowrap">
              <Title style={{ overflowWrap: "anywhere" }}>{name}</Title>
              <Copy value={name} what={t("name")} />
            </Group>
            {companyName !== "" && companyName !== name && <Text c="dimmed">{companyName}</Text>}
          </div>
        </Group>
        {actions}
      </Group>
      <Group gap="lg" style={{ rowGap: 4 }}>
        <ContactLinks customer={customer} />
        <Text size="sm" c="dimmed">
          {t("bookings", { count: totalBookings })}
        </Text>
        <Text size="sm" c="dimmed">
          {t("updated", {
            when: format.dateTime(new Date(updatedAt), { dateStyle: "medium", timeStyle: "short" }),
          })}
        </Text>
      </Group>
      {tags.length > 0 && (
        <Group gap={6} role="list" aria-label={t("tags")}>
          {tags.map((tag) => (
            <Badge key={tag.id} role="listitem" variant="default" tt="none" fw={500}>
              {tag.name}
            </Badge>
          ))}
        </Group>
      )}
    </Stack>
  );
}

/** Every e-mail address, phone number and website as a link with a copy button. */
function ContactLinks({ customer }: { customer: Customer }) {
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  const fieldText = useFieldText();
  return customer.fields.map(({ id, type, value }) => {
    const field = fields.find((definition) => definition.id === id);
    const href = hrefOf(type, value);
    if (!field || href === null) return null;
    const shown = fieldText(field, value);
    return (
      <Group key={id} gap={4} wrap="nowrap" miw={0}>
        <Anchor
          href={href}
          size="sm"
          {...(type === "URL" ? { target: "_blank", rel: "noreferrer" } : {})}
          style={{ overflowWrap: "anywhere" }}
        >
          {shown}
        </Anchor>
        <Copy value={type === "PHONE" ? shown.replaceAll(" ", "") : value} what={field.label} />
      </Group>
    );
  });
}

/** A mailto:, tel: or http link for a value; null for anything else. */
function hrefOf(type: string, value: string): string | null {
  if (type === "EMAIL")
    return /^[^\s@<>,;?&]+@[^\s@<>,;?&]+$/.test(value) ? `mailto:${encodeURI(value)}` : null;
  if (type === "URL") return /^https?:\/\//i.test(value) ? value : null;
  if (type !== "PHONE") return null;
  const phone = parsePhone(value)?.phone ?? "";
  return /^\+\d{4,20}$/.test(phone) ? `tel:${phone}` : null;
}

function Copy({ value, what }: { value: string; what: string }) {
  const t = useTranslations("customers.one");
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t("copied") : t("copy", { what })} openDelay={400}>
          <ActionIcon
            variant="subtle"
            color={copied ? "teal" : "gray"}
            size={26}
            onClick={copy}
            aria-label={copied ? t("copied") : t("copy", { what })}
          >
            {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
