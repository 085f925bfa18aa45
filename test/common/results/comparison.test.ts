import { describe, expect, test } from 'vitest';
import type { CheckpointSummary } from '../../../common/checkpoints.ts';
import type { RunRecord } from '../../../common/records.ts';
import { type Known, resolveRow } from '../../../common/results/compared-rows.ts';
import { compareRows } from '../../../common/results/comparison.ts';
import { publishedSets } from '../../../common/results/published.ts';
import { compareSeeds } from '../../../common/results/seed-pairs.ts';
import { evaluations, published, trainings } from './sample.ts';

const all = [...trainings, ...evaluations];
const [resnet, , , mobilenet, diverged] = trainings;

function known(runs: readonly RunRecord[], more: Partial<Known> = {}): Known {
  return { runs, checkpoints: [], published, atCheckpoint: new Map(), ...more };
}

function compareRuns(runs: readonly RunRecord[], baseline?: string) {
  return compareRows(
    runs.map(({ id }) => resolveRow(`run:${id}`, known(runs))!),
    baseline && `run:${baseline}`,
  );
}

/** Of a run, after an epoch. */
function checkpointOf(run: RunRecord, epoch: number, change: Partial<CheckpointSummary> = {}): CheckpointSummary {
  const file = `${run.folder}/checkpoints/checkpoint_${String(epoch).padStart(4, '0')}.safetensors`;
  const sha256 = run.id.padEnd(60, '0') + String(epoch).padStart(4, '0');
  const { id, name, kind } = run;
  return {
    ...{ id: sha256.slice(0, 12), sha256, name: `${name}, epoch ${epoch}`, source: 'run', run: { id, name, kind } },
    ...{ origin: file, location: file, file, how: 'written', format: 'safetensors', layout: 'moco', arch: 'resnet18' },
    ...{ stem: 'small', head: 'none', dim: 128, imageSize: 32, epoch, step: epoch * 10, sizeBytes: 1, best: false },
    ...{ createdAt: run.createdAt, state: 'ok', problem: null, verifiedAt: null, results: {}, trashedAt: null },
    ...change,
  };
}

describe('runs side by side', () => {
  const comparison = compareRuns([resnet!, mobilenet!, diverged!]);

  test('results with their difference to the baseline, its sign and what it means', () => {
    const shown = comparison.results.map(({ column, values }) => [
      column.field,
      ...values.map(({ text, delta }) => `${text} ${delta ? `${delta.text} ${delta.verdict}` : ''}`.trim()),
    ]);
    expect(shown).toEqual([
      ['best:probe/bestAccuracy', '60.00', '55.00 −5.00 worse', '55.00 −5.00 worse'],
      ['last:epoch/loss', '3.1000', '3.5000 +0.4000 worse', 'NaN'],
    ]);
  });

  test('only the settings that differ', () => {
    expect(comparison.settings.map(({ key, values }) => [key, values])).toEqual([
      ['arch', ['resnet18', 'mobilenetv3_small', 'mobilenetv3_small']],
      ['seed', ['1', '1', '2']],
    ]);
  });

  test('another baseline turns the sign', () => {
    const [{ values }] = compareRuns([resnet!, mobilenet!], mobilenet!.id).results as [
      (typeof comparison.results)[number],
    ];
    expect(values.map(({ delta }) => delta?.text)).toEqual(['+5.00', undefined]);
  });

  test('what was measured in another way is not subtracted', () => {
    const other = { ...mobilenet!, config: { ...mobilenet!.config, probeNeighbours: 7 } };
    const [{ values }] = compareRuns([resnet!, other]).results as [(typeof comparison.results)[number]];
    expect(values[1]).toMatchObject({ delta: null, why: 'measured in another way' });
  });
});

describe('rows of any kind', () => {
  // Its checkpoint after 199 epochs is the one that was evaluated.
  const files = [checkpointOf(resnet!, 99), checkpointOf(resnet!, 199)];
  const linear = evaluations[0]!;
  const linearOfPublished = {
    ...linear.results.linear!.values,
    ...{ trainImages: 1_281_167, valImages: 50_000, classes: 1000 },
  };
  const asPublished = publishedSets(published).find(({ numbers }) => numbers[0]!.protocol === 'ImageNet-1k linear')!;
  const at = new Map([[files[1]!.sha256, { 'epoch/loss': 3.3, 'probe/bestAccuracy': 58 }]]);
  const everything = known([...all], { checkpoints: files, atCheckpoint: at });
  const row = (reference: string, of = everything) => resolveRow(reference, of)!;

  test('a checkpoint has the numbers of its own time, and those of its evaluations', () => {
    const rows = [row(`run:${resnet!.id}@199`), row(`run:${mobilenet!.id}`)];
    expect(rows[0]).toMatchObject({ kind: 'checkpoint', reference: `checkpoint:${files[1]!.id}`, toStep: 1990 });
    const { results, settings } = compareRows(rows);
    const shown = results.map(({ column, values }) => [column.field, ...values.map(({ text }) => text)]);
    expect(shown).toEqual([
      ['best:probe/bestAccuracy', '–', '55.00'],
      ['result:linear/top1', '40.00', '–'],
      ['last:epoch/loss', '3.3000', '3.5000'],
      ['last:probe/bestAccuracy', '58.00', '–'],
    ]);
    expect(settings.map(({ key }) => key)).toEqual(['arch', 'epoch']);
  });

  test('a training run stands for its best checkpoint, else its last', () => {
    expect(row(`run:${resnet!.id}`).checkpoint).toBe(files[1]);
    const best = [{ ...files[0]!, best: true }, files[1]!];
    expect(row(`run:${resnet!.id}@best`, { ...everything, checkpoints: best }).checkpoint).toBe(best[0]);
    expect(resolveRow(`run:${resnet!.id}@7`, everything)).toBeUndefined();
    expect(resolveRow('checkpoint:ffffffffffff', everything)).toBeUndefined();
    expect(() => resolveRow('image:1', everything)).toThrow('"image:1" names nothing that can be compared.');
  });

  test('two protocols of one number are two lines, and neither is subtracted from the other', () => {
    const other = { ...linear, id: 'other', results: { linear: { values: { top1: 50 }, protocol: { crop: 'none' } } } };
    const runs = [other, ...all];
    const { results } = compareRows([row(`run:${resnet!.id}`, { ...everything, runs }), row(`run:${linear.id}`)]);
    const lines = results.filter(({ column }) => column.field === 'result:linear/top1');
    expect(lines.map(({ values }) => values.map(({ text, delta }) => [text, delta?.text]))).toEqual([
      [
        ['50.00', undefined],
        ['–', undefined],
      ],
      [
        ['40.00', undefined],
        ['40.00', '0.00'],
      ],
    ]);
    expect(lines[0]!.protocol).toContain('crop none');
  });

  test('a published row is subtracted where its protocol is the same, and else says what differs', () => {
    const reference = `published:${asPublished.id}`;
    const measured = (classes: number) => ({
      ...linear,
      results: { linear: { ...linear.results.linear!, values: { ...linearOfPublished, classes } } },
    });
    const against = (run: RunRecord) => {
      const rows = [row(`run:${run.id}`, known([run])), row(reference)];
      const { results } = compareRows(rows, reference, published);
      return results.find(({ column }) => column.field === 'result:linear/top1')!.values;
    };
    const value = asPublished.numbers.find(({ metric }) => metric === 'top1')!.value;
    expect(against(measured(1000))[0]!.delta!.value).toBeCloseTo(40 - value, 12);
    expect(against(measured(10))[0]).toMatchObject({ delta: null, why: expect.stringContaining('classes: 10 here') });
  });

  test('what is not known of a published row is no difference', () => {
    const { settings } = compareRows(
      [row(`run:${resnet!.id}`), row(`published:${asPublished.id}`)],
      undefined,
      published,
    );
    expect(settings.map(({ key, values }) => [key, ...values])).toEqual([['arch', 'resnet18', 'mobilenetv3_small']]);
  });

  test('every published row has an id of its own that an address can hold', () => {
    const ids = publishedSets(published).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9.-]+$/.test(id))).toEqual([]);
  });
});

describe('settings over their seeds', () => {
  test('three pairs are too few, and it is told how many more would do', () => {
    const [knn, loss] = compareSeeds([mobilenet!], resnet!, all);
    // 55 - 60, 55 - 62, 58 - 61: mean -5, deviation 2; (1.96 + 0.842)^2 (2 / 5)^2 = 1.3 pairs, but never fewer than 6.
    expect(knn!.comparison).toMatchObject({ pairs: 3, meanDelta: -5, verdict: 'too-few-pairs', morePairs: 3, p: 0.25 });
    expect(knn!.words).toMatch(
      /^Over 3 common seeds mobilenetv3_small is at −5\.00 points against resnet18 \(95 % bootstrap interval −7\.00 to −3\.00\), sign-flip p = 0\.25\. Too few seeds to tell: with 3 no outcome whatever gives less than p = 0\.25\. About 3 more seeds/,
    );
    // A loss that is not a number makes no pair.
    expect(loss!.seeds).toEqual(['1', '3']);
  });

  test('evaluations are paired by the seeds of the trainings that they evaluate', () => {
    const [top1] = compareSeeds([evaluations[3]!], evaluations[0]!, all);
    expect(top1).toMatchObject({ seeds: ['1/0', '2/0', '3/0'], comparison: { meanDelta: 3, pairs: 3 } });
  });

  test('eight pairs of one sign differ', () => {
    const eight = (arch: string, shift: number) =>
      Array.from({ length: 8 }, (_, seed) => ({
        ...resnet!,
        id: `${arch}${seed}`,
        config: { ...resnet!.config, arch, seed },
        best: { 'probe/bestAccuracy': { value: 50 + seed + shift, epoch: 1, step: 1 } },
      }));
    const [a, b] = [eight('a', 0), eight('b', 1)];
    const [knn] = compareSeeds([b[0]!], a[0]!, [...a, ...b]);
    // All of 2^8 sign patterns are tried; two of them are as far out.
    expect(knn!.comparison.p).toBeCloseTo(2 / 256, 12);
    expect(knn!.words).toMatch(/It is better\.$/);
  });

  test('runs that differ by their seed alone are nothing to compare', () => {
    expect(compareSeeds([trainings[1]!], resnet!, all)).toEqual([]);
  });
});
