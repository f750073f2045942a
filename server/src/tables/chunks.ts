const pieceCharacters = 64 * 1024;

/** Lines as the bytes of a file, in pieces as they are made; `head` comes first. */
export async function* inPieces<Row>(
  head: string,
  batches: AsyncIterable<readonly Row[]>,
  lineOf: (row: Row) => string,
): AsyncGenerator<Uint8Array> {
  let text = head;
  for await (const rows of batches) {
    for (const row of rows) {
      text += lineOf(row);
      if (text.length < pieceCharacters) continue;
      yield Buffer.from(text);
      text = "";
    }
  }
  if (text !== "") yield Buffer.from(text);
}
