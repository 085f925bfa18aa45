import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../common/results/comparison.ts';
import { compareSeeds } from '../../../common/results/seed-pairs.ts';
import { evaluations, trainings } from './sample.ts';

const all = [...trainings, ...evaluations];
const [resnet, , , mobilenet, diverged] = trainings;

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
