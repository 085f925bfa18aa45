import { expect, test } from 'vitest';
import { writeReport } from '../../../common/results/report.ts';
import { buildTable } from '../../../common/results/table.ts';
import { trainings } from './sample.ts';

test('one file with table, curves, settings and runs, that asks for nothing else', async () => {
  const table = buildTable(trainings, {
    columns: [{ field: 'best:probe/bestAccuracy' }],
    filter: '',
    groupBySeed: true,
    published: false,
  });
  const reported = trainings.map((run, index) => ({
    run,
    command: `npx contrast train /data/imagenette --seed ${index}`,
    curves: [
      {
        name: 'probe/bestAccuracy',
        count: 3,
        steps: [0, 10, 20],
        epochs: [0, 1, 2],
        times: [0, 1, 2],
        values: [10, 20 + index, Number.NaN],
      },
    ],
  }));
  const report = writeReport('Results of <spring>', table, reported);
  expect(report).toContain('<title>Results of &lt;spring&gt;</title>');
  expect(report.match(/<polyline/g)).toHaveLength(trainings.length);
  expect(report).toContain('resnet18 seed 1, best 60 at epoch 190');
  expect(report).toContain('61.00 ± 2.48');
  expect(report).not.toMatch(/<script|<link|\bsrc=|\bhref=|url\(|@import/);
  await expect(report).toMatchFileSnapshot('../../fixtures/results/report.html');
});
