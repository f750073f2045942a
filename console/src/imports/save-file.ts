import type { FileAnswer } from "@clientele/sdk";

/** Downloads a file answer through the browser. */
export async function saveFile({ body, type, name }: FileAnswer, fallbackName: string): Promise<void> {
  const blob = await new Response(body, { headers: { "content-type": type } }).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name ?? fallbackName;
  link.click();
  URL.revokeObjectURL(link.href);
}
