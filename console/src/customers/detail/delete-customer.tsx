import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { client } from "../../session/client.ts";
import { type Customer, cacheCustomer } from "./customer-query.ts";

/** Deletes the customer after confirmation; the page then offers to restore it. */
export function DeleteCustomer({ customer, name }: { customer: Customer; name: string }) {
  const t = useTranslations("customers.one.delete");
  const [isOpen, { open, close }] = useDisclosure();
  const remove = useMutation({
    mutationFn: () => client.deleteCustomer({ customerId: customer.id }),
    onSuccess: () => cacheCustomer(customer.id, null),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => {
          remove.reset();
          open();
        }}
      >
        {t("open")}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t("title", { name })}
        closeButtonProps={{ "aria-label": t("cancel") }}
      >
        <Stack>
          {remove.error && <ErrorNotice error={remove.error} />}
          <Text>{t("text", { bookings: customer.totalBookings })}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t("cancel")}
            </Button>
            <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t("submit")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
