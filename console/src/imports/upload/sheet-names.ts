/** Names of the visible sheets of a workbook; empty if the file cannot be read as one. */
export async function readSheetNames(file: File): Promise<string[]> {
  if (!/\.xlsx$/i.test(file.name)) return [];
  const { BlobReader, configure, TextWriter, ZipReader } = await import(
    "@zip.js/zip.js/lib/zip-core-native.js"
  );
  configure({ useWebWorkers: false });
  const zip = new ZipReader(new BlobReader(file));
  try {
    const workbook = (await zip.getEntries()).find(({ filename }) => filename === "xl/workbook.xml");
    if (workbook === undefined || workbook.directory) return [];
    const xml = await workbook.getData(new TextWriter());
    const sheets = new DOMParser()
      .parseFromString(xml, "application/xml")
      .getElementsByTagNameNS("*", "sheet");
    return [...sheets]
      .filter((sheet) => (sheet.getAttribute("state") ?? "visible") === "visible")
      .flatMap((sheet) => sheet.getAttribute("name") ?? []);
  } catch {
    // The server reports invalid files with a better message.
    return [];
  } finally {
    await zip.close();
  }
}
