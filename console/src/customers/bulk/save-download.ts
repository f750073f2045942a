import type { FileAnswer } from "@clientele/sdk";

/** Lets the browser save a file that the service answers; how much of it is there is told meanwhile. */
export async function saveDownload({ body, type, name }: FileAnswer, onBytes: (sizeBytes: number) => void) {
  let sizeBytes = 0;
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        sizeBytes += chunk.byteLength;
        onBytes(sizeBytes);
        controller.enqueue(chunk);
      },
    }),
  );
  // A browser moves a large one to its disk.
  const blob = await new Response(counted as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: { "content-type": type },
  }).blob();
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name ?? "customers" });
  link.click();
  URL.revokeObjectURL(url);
}
