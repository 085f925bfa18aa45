import { execFileSync } from 'node:child_process';
import { inflateRawSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { inScheme } from '../../../common/charts/curve-style.ts';
import { buildTable } from '../../../common/results/table.ts';
import { writeHtml } from '../../../common/results/writers/html.ts';
import { writeWorkbook } from '../../../main/services/results-workbook.ts';
import { trainings } from '../../common/results/sample.ts';
import { peerPython } from '../../support/peer-python.ts';

const table = buildTable(trainings, {
  columns: [{ field: 'config:arch' }, { field: 'best:probe/bestAccuracy' }, { field: 'last:epoch/loss' }],
  filter: '',
  groupBySeed: true,
  published: false,
});

/** Files of an archive by name, read from its local headers with Node's own inflate. */
function unzip(archive: Uint8Array): Map<string, string> {
  const bytes = Buffer.from(archive);
  const files = new Map<string, string>();
  let entry = bytes.readUInt32LE(bytes.length - 6);
  while (bytes.readUInt32LE(entry) === 0x02014b50) {
    const [size, nameLength, extra, comment] = [
      bytes.readUInt32LE(entry + 20),
      bytes.readUInt16LE(entry + 28),
      bytes.readUInt16LE(entry + 30),
      bytes.readUInt16LE(entry + 32),
    ];
    const name = bytes.toString('utf8', entry + 46, entry + 46 + nameLength);
    const local = bytes.readUInt32LE(entry + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + size);
    files.set(name, (bytes.readUInt16LE(entry + 10) === 8 ? inflateRawSync(data) : data).toString('utf8'));
    entry += 46 + nameLength + extra + comment;
  }
  return files;
}

test('numbers are numbers, what is none is a word, and the file is the same a second time', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:00Z') });
  onTestFinished(() => void vi.useRealTimers());
  const first = await writeWorkbook(table);
  const files = unzip(first);
  const shown = files.get('xl/worksheets/sheet1.xml')!;
  // 61 is best and bold, 56 second and underlined; the infinite loss is a shared text.
  expect(shown).toMatch(/<c r="C2"[^>]*><v>61<\/v>/);
  expect(shown).toMatch(/<c r="C3"[^>]*><v>56<\/v>/);
  expect(shown).toMatch(/<c r="D4"[^>]*t="s"/);
  expect(files.get('xl/sharedStrings.xml')).toContain('Infinity');
  expect(files.get('xl/sharedStrings.xml')).toContain('50% of a_run &amp; more');
  expect(files.get('xl/sharedStrings.xml')).toContain('aaaaaaa1 aaaaaaa2 aaaaaaa3');
  expect(files.get('xl/worksheets/sheet2.xml')).toMatch(/<v>58\.515862305\d+<\/v>/);

  vi.setSystemTime(new Date('2027-04-02T13:30:00Z'));
  expect(Buffer.from(await writeWorkbook(table)).equals(first)).toBe(true);
});

test('a row whose run was given a colour has it at its edge, as in a table of HTML', async () => {
  const { columns, ...definition } = { columns: [{ field: 'best:probe/bestAccuracy' }], filter: '', published: false };
  const given = trainings.map((run, index) => (index === 0 ? { ...run, colour: '#e58bc8' } : run));
  const coloured = buildTable(given, { columns, ...definition, groupBySeed: false });
  // Darkened until it stands out from white; of the others none has an edge.
  const shown = inScheme('#e58bc8', 'light');
  expect(shown).not.toBe('#e58bc8');
  expect(writeHtml(coloured).match(/border-left:4px solid (#\w+)/g)).toEqual([`border-left:4px solid ${shown}`]);
  const styles = unzip(await writeWorkbook(coloured)).get('xl/styles.xml')!;
  expect(styles.toLowerCase()).toMatch(new RegExp(`<left style="thick"><color rgb="(ff)?${shown.slice(1)}"/></left>`));
});

const { python, missing } = peerPython('openpyxl');
const script = `
import io, json, sys, openpyxl
book = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
shown, data = book['Results'], book['Data']
cell = shown['C2']
print(json.dumps({'sheets': book.sheetnames, 'best': cell.value, 'bold': cell.font.bold,
  'second': shown['C3'].font.underline, 'infinite': shown['D4'].value, 'names': [row[0].value for row in shown['A2:A4']],
  'numbers': sum(isinstance(one.value, (int, float)) for row in data.iter_rows() for one in row)}))
`;

test.skipIf(missing)(
  `a spreadsheet reader opens it${missing ? ` (${missing})` : ''}`,
  { timeout: 300_000 },
  async () => {
    const input = Buffer.from(await writeWorkbook(table));
    const read = JSON.parse(execFileSync(python, ['-c', script], { input, encoding: 'utf8' }));
    expect(read).toMatchObject({
      ...{ sheets: ['Results', 'Data'], best: 61, bold: true, second: 'single', infinite: 'Infinity' },
      names: table.rows.map(({ name }) => name),
    });
    expect(read.numbers).toBeGreaterThan(10);
  },
);
