import { Command } from "commander";
import { type Connection, connect, credentialsOf, withConnectionOptions } from "./connection.ts";
import { print } from "./print.ts";

/** For `curl -H "Authorization: Bearer $(npx clientele token)" …` */
export const tokenCommand = (): Command =>
  withConnectionOptions(new Command("token"))
    .description("print an access token that is valid for two hours, for use with curl")
    .action(async (options: Connection) => {
      const { appId, appSecret } = credentialsOf(options);
      const client = connect(options);
      const body = { appid: appId, appsecret: appSecret };
      const { headers: _, ...tokens } = await client.createToken({ body });
      print(options.json, tokens, tokens.accessToken);
    });
