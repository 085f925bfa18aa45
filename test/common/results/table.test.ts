import { describe, expect, test } from 'vitest';
import { defaultColumns } from '../../../common/results/columns.ts';
import type { TableDefinition } from '../../../common/results/definition.ts';
import { formatDelta, formatNumber } from '../../../common/results/numbers.ts';
import { openTable } from '../../../common/results/open-table.ts';
import { buildTable, selectRuns } from '../../../common/results/table.ts';
import { runRecordOf } from '../../support/run-records.ts';
import { evaluations, published, trainings } from './sample.ts';

const columns = ['config:arch', 'best:probe/bestAccuracy', 'last:epoch/loss'].map((field) => ({ field }));
const definition: TableDefinition = { columns, filter: '', groupBySeed: true, published: false };

const texts = (table: ReturnType<typeof buildTable>) => table.rows.map(({ cells }) => cells.map(({ text }) => text));
const ranks = (table: ReturnType<typeof buildTable>) => table.rows.map(({ cells }) => cells.map(({ rank }) => rank));

describe('a table of results', () => {
  test('means over seeds with half of the 95 % interval; what is not finite is in no mean and is told', () => {
    const table = buildTable(trainings, definition);
    // 60, 62, 61: deviation 1, t(2) = 4.302653, 4.302653 / sqrt(3) = 2.484; 3.1, 3.2, 3: a tenth of that.
    // 55, 55, 58: deviation sqrt(3), so the half is t(2) itself. 3.5, 3.4: deviation 0.0707, t(1) 12.7062 * 0.05.
    expect(texts(table)).toEqual([
      ['resnet18', '61.00 ± 2.48', '3.1000 ± 0.2484'],
      ['mobilenetv3_small', '56.00 ± 4.30', '3.4500 ± 0.6353 (n = 2, 1 not finite)'],
      ['vit_tiny', '40.00', '∞'],
    ]);
    expect(table.rows.map(({ name }) => name)).toEqual([
      'resnet18',
      'mobilenetv3_small',
      '50% of a_run & more | "tiny"',
    ]);
    expect(table.rows[0]!.runIds).toEqual(['aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3']);
    expect(table.remarks[0]).toContain('n = 1 to 3 a row');
  });

  test('a seed that was run or measured again counts once: the newest that has the value', () => {
    const again = { ...trainings[0]!, id: 'eeeeeee8', createdAt: '2026-03-01T00:00:00.000Z' };
    const broken = { ...again, id: 'fffffff9', createdAt: '2026-03-02T00:00:00.000Z', best: {} };
    const newest = { ...again, best: { 'probe/bestAccuracy': { value: 63, epoch: 190, step: 1900 } } };
    const table = buildTable([...trainings, newest, broken], definition);
    // 63, 62, 61 is about 62, with the deviation of 60, 62, 61.
    expect(table.rows[0]!.cells[1]).toMatchObject({ text: '62.00 ± 2.48', summary: { n: 3 } });
    expect(table.rows[0]!.runIds).toHaveLength(5);
    expect(table.remarks[0]).toContain('n = 1 to 3 a row');
    const measured = evaluations[0]!;
    const twice = buildTable([trainings[0]!, measured, { ...measured, id: 'ddddddd9' }], {
      ...definition,
      columns: [{ field: 'result:linear/top1' }],
    });
    expect(twice.rows[1]!.cells[0]).toMatchObject({ text: '40.00', summary: { n: 1, interval: null } });
  });

  test('best and second by direction; a mean without its diverged run and an infinity have no rank', () => {
    const loss = [null, null, null];
    expect(ranks(buildTable(trainings, definition))).toEqual([
      [null, 'best', loss[0]],
      [null, 'second', loss[1]],
      [null, null, loss[2]],
    ]);
    const single = buildTable(trainings, { ...definition, groupBySeed: false });
    expect(ranks(single).map(([, , rank]) => rank)).toEqual(['second', null, 'best', null, null, null, null]);
  });

  test('a cell that is looked at alone is that of the whole table', () => {
    const runs = [...trainings, ...evaluations];
    const fields = ['name', 'config:epochs', 'best:probe/bestAccuracy', 'last:epoch/loss', 'result:linear/top1', 'knn'];
    for (const groupBySeed of [false, true]) {
      for (const sort of [undefined, { field: 'loss', descending: true }, { field: 'name', descending: false }]) {
        const wanted = {
          ...definition,
          columns: fields.map((field) => ({ field })),
          groupBySeed,
          sort,
          published: true,
        };
        const whole = buildTable(runs, wanted, published);
        fields.forEach((_, index) => {
          const column = openTable(runs, wanted, published).column(index);
          const notes = new Set(whole.rows.map(({ cells }) => cells[index]!.note).filter((note) => note !== null));
          expect(column.onlyNote()).toBe(notes.size === 1 ? [...notes][0] : null);
          expect(whole.rows.map((__, row) => column.cell(row))).toEqual(whole.rows.map(({ cells }) => cells[index]));
        });
        // As a reader meets them: the letters come in their order.
        const met = new Set(whole.rows.flatMap(({ cells }) => cells.flatMap(({ note }) => note ?? [])));
        expect([...met]).toEqual(whole.notes.map((__, index) => index));
      }
    }
  });

  test('what reads the same has the same rank', () => {
    const runs = [61.001, 61.002, 60].map((top1, index) =>
      runRecordOf({ id: `run${index}`, results: { linear: { values: { top1 }, protocol: {} } } }),
    );
    const table = buildTable(runs, { ...definition, groupBySeed: false, columns: [{ field: 'result:linear/top1' }] });
    expect(ranks(table).flat()).toEqual(['best', 'best', 'second']);
  });

  test('numbers that were measured in other ways are not ranked together and have notes of their own', () => {
    const runs = [1, 1, 2, 2].map((k, index) =>
      runRecordOf({
        id: `run${index}`,
        config: { data: '/data/a' },
        results: {
          knn: {
            values: { bestAccuracy: 50 + index },
            protocol: { measure: 'best-NN', maxNeighbours: k, seed: index },
          },
        },
      }),
    );
    const table = buildTable(runs, {
      ...definition,
      groupBySeed: false,
      columns: [{ field: 'result:knn/bestAccuracy' }],
    });
    expect(ranks(table).flat()).toEqual(['second', 'best', 'second', 'best']);
    expect(table.rows.map(({ cells }) => cells[0]!.note)).toEqual([0, 0, 1, 1]);
    expect(table.notes).toEqual(['best-NN, max neighbours 1, data a', 'best-NN, max neighbours 2, data a']);
  });

  test('evaluations of trainings that differ by their seed are one row', () => {
    const table = buildTable(evaluations, { ...definition, columns: [{ field: 'result:linear/top1' }] }, undefined, [
      ...trainings,
      ...evaluations,
    ]);
    expect(texts(table)).toEqual([['41.00 ± 2.48'], ['44.00 ± 2.48']]);
  });

  test('published rows: in the ranking of one’s own where the protocol is the same, else beside it with the reason', () => {
    const wanted = {
      ...definition,
      published: true,
      columns: ['config:arch', 'result:linear/top1'].map((field) => ({ field })),
    };
    const same = buildTable(evaluations, wanted, published, [...trainings, ...evaluations]);
    const best = same.rows.find(({ cells }) => cells[1]!.rank === 'best')!;
    expect([best.name, best.cells[1]!.text, best.published?.sameProtocol]).toEqual(['MoCo v2', '71.1', true]);
    const online = same.rows.find(({ name }) => name === 'solo-learn MoCo v2+')!;
    expect(online.published).toMatchObject({ sameProtocol: false, why: 'classes: 1000 here, 10 there' });

    const few = evaluations.map((run) => ({
      ...run,
      results: { linear: { ...run.results.linear!, values: { ...run.results.linear!.values, classes: 10 } } },
    }));
    const other = buildTable(few, wanted, published, [...trainings, ...few]);
    expect(other.rows.slice(0, 2).map(({ cells }) => cells[1]!.rank)).toEqual(['second', 'best']);
    expect(other.rows.find(({ name }) => name === 'MoCo v1')!.published).toMatchObject({
      sameProtocol: false,
      why: 'classes: 10 here, 1000 there',
    });
  });

  test('sorted by any field, what is not finite last both ways', () => {
    const order = (descending: boolean) =>
      buildTable(trainings, { ...definition, sort: { field: 'last:epoch/loss', descending } }).rows.map(
        ({ runIds }) => runIds.length && runIds[0],
      );
    expect(order(false)).toEqual(['aaaaaaa1', 'bbbbbbb4', 'ccccccc7']);
    expect(order(true)).toEqual(['bbbbbbb4', 'aaaaaaa1', 'ccccccc7']);
  });

  test('a filter chooses the runs', () => {
    expect(selectRuns(trainings, 'arch = resnet18 and knn > 60').map(({ id }) => id)).toEqual(['aaaaaaa2', 'aaaaaaa3']);
  });

  test('the columns that one sees first', () => {
    const fields = defaultColumns([...trainings, ...evaluations]).map(({ field }) => field);
    expect(fields).toEqual([
      'kind',
      'config:arch',
      'config:epochs',
      'best:probe/bestAccuracy',
      'result:linear/top1',
      'last:epoch/loss',
    ]);
  });
});

test('numbers as they are written', () => {
  expect([1.005, -0.001, -2.5, Number.NaN, -Infinity].map((value) => formatNumber(value, 2))).toEqual([
    '1.00',
    '0.00',
    '−2.50',
    'NaN',
    '−∞',
  ]);
  expect([1, -1, 0, Number.NaN].map((value) => formatDelta(value, 1))).toEqual(['+1.0', '−1.0', '0.0', 'NaN']);
});
