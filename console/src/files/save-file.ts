import type { FileAnswer } from "@clientele/sdk";

type Options = {
  /** Used when the service names no file. */
  fallbackName: string;
  /** Called with the number of bytes received so far. */
  onProgress?: (sizeBytes: number) => void;
};

/** Downloads a file answer through the browser. */
export async function saveFile(
  { body, type, name }: FileAnswer,
  { fallbackName, onProgress }: Options,
): Promise<void> {
  // A blob because browsers keep large ones on disk.
  const blob = await new Response(onProgress ? withProgress(body, onProgress) : body, {
    headers: { "content-type": type },
  }).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name ?? fallbackName;
  link.click();
  URL.revokeObjectURL(link.href);
}

function withProgress(body: FileAnswer["body"], onProgress: (sizeBytes: number) => void) {
  let sizeBytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        sizeBytes += chunk.byteLength;
        onProgress(sizeBytes);
        controller.enqueue(chunk);
      },
    }),
  );
}
