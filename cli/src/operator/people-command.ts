import { timestampOf } from "@clientele/contract/formats";
import { type Role, roles } from "@clientele/contract/roles";
import { invitePerson, listPeople, type PersonSummary, removePerson, resetPerson } from "@clientele/server";
import { Command, Option } from "commander";
import { day, jsonOption, print, table } from "../print.ts";
import { enterpriseOption, resolveEnterprise } from "./enterprise-option.ts";
import { withInstallation } from "./installation.ts";

type Options = { json?: true };
type InviteOptions = Options & { email: string; role: Role; enterprise?: string };

export function peopleCommand(): Command {
  const command = new Command("people").description(
    "manage people who sign in, their invitations and password links",
  );

  command
    .command("list")
    .description("list all people with their roles in each enterprise")
    .option(...jsonOption)
    .action(async ({ json }: Options) => {
      const everybody = await withInstallation(({ people }) => listPeople(people));
      print(
        json,
        everybody.map(({ createdAt, ...person }) => ({ ...person, createdAt: timestampOf(createdAt) })),
        table(["PERSON", "CREATED", "E-MAIL", "NAME", "MEMBER OF"], everybody.map(row)),
      );
    });

  command
    .command("invite")
    .description("create an invitation link for a new member and show it once")
    .requiredOption("--email <address>", "e-mail address to invite")
    .addOption(new Option("--role <role>", "role of the new member").choices(roles).makeOptionMandatory())
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async ({ json, email, role, enterprise }: InviteOptions) => {
      const invitation = await withInstallation(async (installation) => {
        const { operator, publicUrl, now } = installation;
        const enterpriseId = await resolveEnterprise(installation, enterprise);
        const link = await invitePerson(operator, enterpriseId, { email, role, publicUrl }, now);
        return { email, role, enterpriseId, link };
      });
      print(
        json,
        invitation,
        `Send this link to ${email}. It is valid for seven days:\n  ${invitation.link}`,
      );
    });

  command
    .command("reset")
    .description("create a link to set a new password and show it once")
    .argument("<email>", "e-mail address of the person")
    .option(...jsonOption)
    .action(async (email: string, { json }: Options) => {
      const link = await withInstallation(({ people, operator, publicUrl, now }) =>
        resetPerson({ people, operator }, { email, publicUrl }, now),
      );
      print(json, { email, link }, `Send this link to ${email}. It is valid for one day:\n  ${link}`);
    });

  command
    .command("remove")
    .description("remove a person with all memberships, sessions and sign-in methods")
    .argument("<email>", "e-mail address of the person")
    .option(...jsonOption)
    .action(async (email: string, { json }: Options) => {
      await withInstallation(({ people, operator, now }) => removePerson({ people, operator }, email, now));
      print(json, { email, removed: true }, `${email} was removed.`);
    });

  return command;
}

const row = ({ id, createdAt, email, name, memberships }: PersonSummary): string[] => [
  id,
  day(createdAt),
  email,
  name,
  memberships.map((membership) => `${membership.name} (${membership.role})`).join(", "),
];
