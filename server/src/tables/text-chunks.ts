const chunkCharacters = 64 * 1024;

/** Streams lines as bytes in chunks of 64 Ki characters; `head` comes first. */
export async function* inChunks<Row>(
  head: string,
  batches: AsyncIterable<readonly Row[]>,
  lineOf: (row: Row) => string,
): AsyncGenerator<Uint8Array> {
  let text = head;
  for await (const rows of batches) {
    for (const row of rows) {
      text += lineOf(row);
      if (text.length < chunkCharacters) continue;
      yield Buffer.from(text);
      text = "";
    }
  }
  if (text !== "") yield Buffer.from(text);
}
