import { timestampOf } from "@clientele/contract/formats";
import { type Role, roles } from "@clientele/contract/roles";
import { invitePerson, listPeople, type PersonSummary, removePerson, resetPerson } from "@clientele/server";
import { Command, Option } from "commander";
import { chosenEnterprise, enterpriseOption } from "./chosen-enterprise.ts";
import { day, jsonOption, print, table } from "./print.ts";
import { onInstallation } from "./run.ts";

type Options = { json?: true };
type InviteOptions = Options & { email: string; role: Role; enterprise?: string };

export function peopleCommand(): Command {
  const command = new Command("people").description(
    "people: those who sign in, and the links they are let in by",
  );

  command
    .command("list")
    .description("list everybody, with what they are in which enterprise")
    .option(...jsonOption)
    .action(async ({ json }: Options) => {
      const everybody = await onInstallation(({ people }) => listPeople(people));
      print(
        json,
        everybody.map(({ createdAt, ...person }) => ({ ...person, createdAt: timestampOf(createdAt) })),
        table(["PERSON", "CREATED", "E-MAIL", "NAME", "MEMBER OF"], everybody.map(row)),
      );
    });

  command
    .command("invite")
    .description("make a link by which somebody becomes a member; it is shown this once")
    .requiredOption("--email <address>", "who is invited")
    .addOption(new Option("--role <role>", "what they are to be").choices(roles).makeOptionMandatory())
    .option(...enterpriseOption)
    .option(...jsonOption)
    .action(async ({ json, email, role, enterprise }: InviteOptions) => {
      const invitation = await onInstallation(async (installation) => {
        const { operator, publicUrl, now } = installation;
        const enterpriseId = await chosenEnterprise(installation, enterprise);
        const link = await invitePerson(operator, enterpriseId, { email, role, publicUrl }, now);
        return { email, role, enterpriseId, link };
      });
      print(json, invitation, `Pass this on to ${email}; it is good for seven days:\n  ${invitation.link}`);
    });

  command
    .command("reset")
    .description("make a link by which a person sets a new password; it is shown this once")
    .argument("<email>", "the person's address")
    .option(...jsonOption)
    .action(async (email: string, { json }: Options) => {
      const link = await onInstallation(({ people, operator, publicUrl, now }) =>
        resetPerson({ people, operator }, { email, publicUrl }, now),
      );
      print(json, { email, link }, `Pass this on to ${email}; it is good for a day:\n  ${link}`);
    });

  command
    .command("remove")
    .description("end a person: every membership, every session and what they sign in with")
    .argument("<email>", "the person's address")
    .option(...jsonOption)
    .action(async (email: string, { json }: Options) => {
      await onInstallation(({ people, operator, now }) => removePerson({ people, operator }, email, now));
      print(json, { email, removed: true }, `${email} is removed.`);
    });

  return command;
}

const row = ({ id, createdAt, email, name, memberships }: PersonSummary): string[] => [
  id,
  day(createdAt),
  email,
  name,
  memberships.map((it) => `${it.name} (${it.role})`).join(", "),
];
