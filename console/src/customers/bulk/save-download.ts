import type { FileAnswer } from "@clientele/sdk";

/** Saves a file answer through the browser and reports the received bytes. */
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
  // Browsers keep large blobs on disk.
  const blob = await new Response(counted as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: { "content-type": type },
  }).blob();
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name ?? "customers" });
  link.click();
  URL.revokeObjectURL(url);
}
