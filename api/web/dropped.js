/** What was dropped on the page: files, those within folders, and addresses of links. */

/** `{files, addresses}` of a drop's `data`. To be called within its event: the data is gone afterwards. */
export async function dropped(data) {
  const addresses = data.getData("text/uri-list").split(/\r?\n/).filter((line) => /^https?:/.test(line));
  const items = [...data.items].filter(({ kind }) => kind === "file");
  const found = items.map((item) => [item.webkitGetAsEntry?.() ?? null, item.getAsFile()]);
  const files = await Promise.all(found.map(([entry, file]) => (entry?.isDirectory ? within(entry) : file ? [file] : [])));
  return { files: files.flat(), addresses };
}

// In depth and in order of name, without hidden files, as `onrecord ingest FOLDER` reads one.
async function within(entry) {
  if (entry.name.startsWith(".")) return [];
  if (!entry.isDirectory) return [await new Promise((resolve, reject) => { entry.file(resolve, reject); })];
  const reader = entry.createReader();
  const entries = [];
  for (;;) { // a hundred at a time
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) break;
    entries.push(...some);
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return (await Promise.all(entries.map(within))).flat();
}
