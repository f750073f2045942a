import { relative } from "node:path";
import { type FirstApp, firstAppFile } from "./first-app-file.ts";

/** The message at start: one line, plus credentials and next steps on the first start. */
export function greeting(
  service: { url: string; firstApp: FirstApp | null; setUpUrl: string | null },
  dataFolder: string,
): string {
  const { url, firstApp, setUpUrl } = service;
  const setUp =
    setUpUrl === null
      ? ""
      : `\n\nNobody can sign in yet. Open this one-time link to create the first administrator:\n  ${setUpUrl}`;
  const ready = `Clientele is ready at ${url}${setUp}`;
  if (firstApp === null) return ready;
  const { appId, appSecret } = firstApp;
  const credentials = JSON.stringify({ appid: appId, appsecret: appSecret });
  return `${ready}

Your first app, shown once and stored in ${relativeToCwd(firstAppFile(dataFolder))}:
  app id      ${appId}
  app secret  ${appSecret}

Next steps, in another terminal:
  API reference   ${url}/docs
  get a token     curl ${url}/v1/auth/token -H 'content-type: application/json' -d '${credentials}'
  add demo data   npx clientele demo

Press Ctrl-C to stop.`;
}

function relativeToCwd(path: string): string {
  const relativePath = relative(process.cwd(), path);
  return relativePath.startsWith("..") ? path : relativePath;
}
