/** What was dropped on the page: files, those within folders, and addresses of links. */

/**
 * `{files, addresses, unread}` of a drop's `data`; `unread` names what the browser may not read. To be called within its
 * event: the data is gone afterwards.
 */
export async function dropped(data) {
  const unread = [];
  const addresses = data.getData("text/uri-list").split(/\r?\n/).filter((line) => /^https?:/.test(line));
  const items = [...data.items].filter(({ kind }) => kind === "file");
  const found = items.map((item) => [item.webkitGetAsEntry?.() ?? null, item.getAsFile()]);
  const files = await Promise.all(found.map(([entry, file]) => (entry?.isDirectory ? within(entry, unread) : file ? [file] : [])));
  return { files: files.flat(), addresses, unread };
}

// In depth and in order of name, without hidden files, as `onrecord ingest FOLDER` reads one.
async function within(entry, unread) {
  if (entry.name.startsWith(".")) return [];
  try {
    if (!entry.isDirectory) return [await new Promise((resolve, reject) => { entry.file(resolve, reject); })];
    const entries = await listed(entry.createReader());
    return (await Promise.all(entries.map((each) => within(each, unread)))).flat();
  } catch {
    unread.push(entry.fullPath.slice(1));
    return [];
  }
}

async function listed(reader) {
  const entries = [];
  for (;;) { // a hundred at a time
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    entries.push(...some);
  }
}
