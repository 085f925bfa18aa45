/** Results at the command line: a process of its own on a workspace with real run folders. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trainingEvents, writeFinishedRun } from '../../support/run-folders.ts';

const bin = join(import.meta.dirname, '..', '..', '..', 'bin', 'contrast.mjs');
let workspace: string;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'contrast-export-'));
  for (const [index, arch] of ['resnet18', 'vit_tiny'].entries()) {
    for (const seed of [1, 2, 3]) {
      writeFinishedRun(workspace, {
        id: `${arch === 'resnet18' ? 'rrrrrrr' : 'vvvvvvv'}${seed}`,
        name: `${arch} seed ${seed}`,
        createdAt: `2026-01-0${index * 3 + seed}T00:00:00.000Z`,
        config: { data: '/data/pictures', arch, seed, epochs: 2, queueLength: 16, temperature: 0.1 },
        // The accuracies of the first are 50, 51, 52 plus the epoch, of the second 10 less.
        events: trainingEvents({
          epochs: 2,
          stepsPerEpoch: 2,
          knn: (epoch) => 49 + seed + epoch - 10 * index,
          loss: (step) => 3 + index - step / 10,
        }),
      });
    }
  }
});

afterAll(() => rmSync(workspace, { recursive: true, force: true, maxRetries: 5 }));

async function contrast(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const environment = { ...process.env, CONTRAST_WORKSPACE: workspace };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [bin, ...args], { env: environment })) };
  } catch (thrown) {
    return thrown as { code: number; stdout: string; stderr: string };
  }
}

describe('contrast export', { timeout: 300_000 }, () => {
  test('a filter, columns and grouping; the same bytes in a file', async () => {
    const words = ['export', 'arch', '=', 'resnet18', '--group-by-seed', '--columns', 'arch,knn', '--format'];
    const file = join(workspace, 'table.md');
    const [markdown, written, csv] = [
      await contrast(...words, 'md'),
      await contrast(...words, 'md', '--output', file, '--json'),
      await contrast(...words, 'csv'),
    ];
    // 52, 53, 54: deviation 1, t(2) / sqrt(3) = 2.484.
    expect(markdown.stdout).toContain('| resnet18 | resnet18 | 53.00 ± 2.48 |');
    expect(markdown.stdout).toContain('rrrrrrr1 rrrrrrr2 rrrrrrr3');
    expect(readFileSync(file, 'utf8')).toBe(markdown.stdout);
    expect(JSON.parse(written.stdout)).toEqual({ output: file, format: 'md', rows: 1 });
    expect(csv.stdout.split('\r\n')[1]).toMatch(/^resnet18,resnet18,53,50\.51\d+,55\.48\d+,3,0,3,/);
  });

  test('runs by id as a workbook', async () => {
    const file = join(workspace, 'table.xlsx');
    const { code, stdout } = await contrast('export', 'rrrrrrr1', 'vvvvvvv2', '--format', 'xlsx', '--output', file);
    expect([code, stdout]).toEqual([0, `2 rows in ${file}\n`]);
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  });

  test('what is wrong is named', async () => {
    const [nothing, column, format] = await Promise.all([
      contrast('export', '--format', 'csv'),
      contrast('export', '--all', '--format', 'csv', '--columns', 'last:epoch/los'),
      contrast('export', '--all', '--format', 'docx'),
    ]);
    expect([nothing.code, column.code, format.code]).toEqual([2, 2, 2]);
    expect(column.stderr).toContain('No run has a field "last:epoch/los", but "last:epoch/loss".');
    expect(format.stderr).toContain('csv, tsv, json, md, latex, html, report, xlsx');
  });
});

describe('contrast compare', { timeout: 300_000 }, () => {
  test('differences, settings, and what may be said over the seeds', async () => {
    const { stdout } = await contrast('compare', 'rrrrrrr1', 'vvvvvvv1', '--json');
    const said = JSON.parse(stdout);
    expect(said.baseline).toBe('run:rrrrrrr1');
    const knn = said.results.find((result: { field: string }) => result.field === 'best:probe/bestAccuracy');
    expect(knn.values).toMatchObject([
      { value: 52, delta: null },
      { value: 42, delta: -10, verdict: 'worse' },
    ]);
    expect(said.settings.map(({ key }: { key: string }) => key)).toEqual(['arch']);
    const seeds = said.seeds.find(({ field }: { field: string }) => field === 'best:probe/bestAccuracy');
    expect(seeds).toMatchObject({ run: 'vvvvvvv1', pairs: 3, meanDelta: -10, verdict: 'too-few-pairs', p: 0.25 });
    expect(seeds.words).toContain('Too few seeds to tell');

    const words = await contrast('compare', 'run:rrrrrrr1', 'vvvvvvv1', '--baseline', 'vvvvvvv1');
    expect(words.stdout).toMatch(/kNN \(best epoch\) \(%\)\s+42\.00\s+52\.00 \(\+10\.00, better\)/);
  });

  test('a published row stands beside, and one that is none is named', async () => {
    const { stdout } = await contrast('compare', 'rrrrrrr1', 'published:moco-v2.resnet50.200', '--json');
    expect(JSON.parse(stdout).rows[1]).toMatchObject({
      kind: 'published',
      detail: expect.stringContaining('MoCo README'),
    });
    const { code, stderr } = await contrast('compare', 'rrrrrrr1', 'published:moco-v2.resnet50.201');
    expect([code, stderr]).toEqual([2, expect.stringContaining('but "moco-v2.resnet50.200"')]);
  });

  test('one run is nothing to compare', async () => {
    const { code, stderr } = await contrast('compare', 'rrrrrrr1');
    expect([code, stderr]).toEqual([2, expect.stringContaining('One row is named; 2 to 8 can be compared.')]);
  });
});
