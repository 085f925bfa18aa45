import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  alignment,
  alignmentWithin,
  classBlocks,
  uniformityGroups,
  uniformityOfAll,
  uniformityOfGroups,
} from '../../engine/evaluations/alignment-uniformity.ts';
import { inSpace } from '../../engine/evaluations/feature-space.ts';
import { negativesAbove, topAccuracies } from '../../engine/evaluations/instance-discrimination.ts';
import { memoryRows, type Rows } from '../../engine/evaluations/rows.ts';
import { backendNames, useBackend } from '../support/backends.ts';
import { type Embeddings, embed, permutationOf } from '../support/embeddings.ts';

const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures'), 'metrics');
const instdisc: {
  embeddings: Embeddings;
  results: Record<string, { top1_to_top5_percent: number[]; classes_averaged: number }>;
  negatives_above_positive_per_query: Record<string, number[]>;
} = JSON.parse(readFileSync(join(folder, 'instdisc.json'), 'utf8'));
const stats: {
  embeddings: Embeddings;
  random_groups: { permutation: number[] };
  results: Record<string, number>;
  class_alignment_d: number[];
  class_alignment_sd: number[];
  uniformity_all_pairs: { d: number; sd: number };
} = JSON.parse(readFileSync(join(folder, 'stats_dist.json'), 'utf8'));

/** Views 0 (the originals), 1 and 2 of the embeddings' images, of unit length. */
async function unitViews(embeddings: Embeddings): Promise<Rows[]> {
  const rows = ['v0', 'v1', 'v2'].map((view) => memoryRows(embed(embeddings, view), embeddings.dim));
  return Promise.all(rows.map((view) => inSpace(view, 'norm')));
}

describe.each(backendNames)('on the %s backend', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(Object.keys(instdisc.negatives_above_positive_per_query))('instance discrimination %s', async (mode) => {
    const views = await unitViews(instdisc.embeddings);
    const [queries, positives] = mode === 'd-sd' ? [views[0]!, views[1]!] : [views[1]!, views[2]!];
    const above = await negativesAbove(queries, positives);
    expect(Array.from(above)).toEqual(instdisc.negatives_above_positive_per_query[mode]);
    // Blocks of some rows, and of fewer rows than there are dimensions.
    expect(await negativesAbove(queries, positives, { blockBytes: 4 * 64 * 37 })).toEqual(above);

    for (const [name, expected] of Object.entries(instdisc.results)) {
      const parts = /^(\S+) data=(\S+) s=(\d+)$/.exec(name)!;
      if (parts[1] !== mode) continue;
      const size = Number(parts[3]);
      const all = Array.from(
        { length: above.length / size },
        (_, block) => [block * size, (block + 1) * size] as const,
      );
      // Of training images the published code takes every second class.
      const blocks = parts[2] === 'auged-train' ? all.filter((_, block) => block % 2 === 0) : all;
      expect(blocks.length).toBe(expected.classes_averaged);
      topAccuracies(above, blocks, 5).forEach((percent, place) => {
        expect(percent, name).toBeCloseTo(expected.top1_to_top5_percent[place]!, 4);
      });
    }
  });

  test('alignment, class alignment and uniformity', async () => {
    const [d, sd, other] = (await unitViews(stats.embeddings)) as [Rows, Rows, Rows];
    const { results } = stats;
    const labels = Array.from({ length: d.count }, (_, row) => Math.floor(row / stats.embeddings.per_class));
    const permutation = permutationOf('emb/perm', d.count);
    expect(Array.from(permutation.subarray(0, stats.random_groups.permutation.length))).toEqual(
      stats.random_groups.permutation,
    );
    const groups = uniformityGroups(permutation);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

    expect(await alignment(d, sd)).toBeCloseTo(results.align_d_sd!, 5);
    expect(await alignment(sd, other)).toBeCloseTo(results.align_sd_sd!, 5);
    const within = await alignmentWithin(d, classBlocks(labels));
    within.forEach((value, place) => {
      expect(value).toBeCloseTo(stats.class_alignment_d[place]!, 5);
    });
    expect(mean(within)).toBeCloseTo(results.avg_align_d!, 5);
    expect(mean(await alignmentWithin(sd, classBlocks(labels)))).toBeCloseTo(results.avg_align_sd!, 5);
    expect(await uniformityOfGroups(d, groups)).toBeCloseTo(results.uniform_d!, 5);
    expect(await uniformityOfGroups(sd, groups)).toBeCloseTo(results.uniform_sd!, 5);
    expect(await uniformityOfAll(d)).toBeCloseTo(stats.uniformity_all_pairs.d, 5);
    expect(await uniformityOfAll(sd)).toBeCloseTo(stats.uniformity_all_pairs.sd, 5);
  });
});
