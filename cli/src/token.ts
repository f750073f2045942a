import { Command } from "commander";
import { type Connection, connect, connecting, credentialsOf } from "./connection.ts";
import { print } from "./operator/print.ts";

/** For `curl -H "Authorization: Bearer $(npx clientele token)" …` */
export const tokenCommand = (): Command =>
  connecting(new Command("token"))
    .description("print an access token, good for two hours, for curl and the like")
    .action(async (options: Connection) => {
      const { appId, appSecret } = credentialsOf(options);
      const client = connect(options);
      const body = { appid: appId, appsecret: appSecret };
      const { headers: _, ...tokens } = await client.createToken({ body });
      print(options.json, tokens, tokens.accessToken);
    });
