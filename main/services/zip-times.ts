/** A zip archive with the earliest time that the format has in place of each entry's, so that it depends on its content alone. */

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
/** 1980-01-01 00:00:00 as MS-DOS has it (APPNOTE.TXT 4.4.6). */
const earliest = { time: 0, date: 0x21 };

/** Changes the archive in place. Throws where it is none that was written in one piece without zip64. */
export function withoutTimes(archive: Uint8Array): Uint8Array {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.byteLength - 22; // there is no comment behind it
  if (end < 0 || view.getUint32(end, true) !== endOfDirectory)
    throw new Error('the archive has no directory at its end');
  let entry = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (view.getUint32(entry, true) !== directoryEntry) throw new Error('the directory of the archive is broken');
    const local = view.getUint32(entry + 42, true);
    for (const at of [entry + 12, local + 10]) {
      view.setUint16(at, earliest.time, true);
      view.setUint16(at + 2, earliest.date, true);
    }
    entry +=
      46 + view.getUint16(entry + 28, true) + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return archive;
}
