import { expect, test } from 'vitest';
import { buildTable } from '../../../common/results/table.ts';
import { tableFormats, textWriters } from '../../../common/results/writers/index.ts';
import { evaluations, published, trainings } from './sample.ts';

const fields = ['config:arch', 'best:probe/bestAccuracy', 'last:epoch/loss', 'result:linear/top1'];
const runs = [...trainings, ...evaluations];
const tables = {
  grouped: buildTable(
    runs,
    { columns: fields.map((field) => ({ field })), filter: '', groupBySeed: true, published: true },
    published,
  ),
  single: buildTable(runs, {
    columns: fields.map((field) => ({ field, decimals: 1 })),
    filter: '',
    groupBySeed: false,
    published: false,
    sort: { field: 'best:probe/bestAccuracy', descending: true },
  }),
};

for (const [name, table] of Object.entries(tables)) {
  test.each(Object.entries(textWriters))(`${name} as %s`, async (format, write) => {
    const { extension } = tableFormats[format as keyof typeof textWriters];
    await expect(write(table)).toMatchFileSnapshot(`../../fixtures/results/${name}.${extension}`);
  });
}

test('a name that a spreadsheet would take for a formula stays a name, and quotes and line breaks stay in their field', () => {
  const [run] = trainings;
  const table = buildTable([{ ...run!, name: '=1+1, "twice"\nand more' }], {
    columns: [],
    filter: '',
    groupBySeed: false,
    published: false,
  });
  expect(textWriters.csv(table)).toBe('name,protocols,runs\r\n"\'=1+1, ""twice""\nand more",,aaaaaaa1\r\n');
  expect(textWriters.tsv(table)).toBe('name\tprotocols\truns\n=1+1, "twice" and more\t\taaaaaaa1\n');
});
