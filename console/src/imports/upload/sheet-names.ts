/** The names of the sheets of a workbook that are not hidden; none where the file is no workbook that can be read. */
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
    // What is wrong with it the service says better.
    return [];
  } finally {
    await zip.close();
  }
}
