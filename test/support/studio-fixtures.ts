/** What a studio under test works with; apart from the test runner, for processes of their own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestPlan } from './test-worker.ts';

export const testWorker = join(import.meta.dirname, 'test-worker.ts');

/** A folder of 64 "images" in train/ and val/ with two classes; only their names are looked at. */
export function makeData(parent: string, plan: TestPlan, name = 'data'): string {
  const folder = join(parent, name);
  for (const split of ['train', 'val']) {
    for (const label of ['a', 'b']) {
      mkdirSync(join(folder, split, label), { recursive: true });
      for (let i = 0; i < 32; i++) writeFileSync(join(folder, split, label, `${i}.png`), '');
    }
  }
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  return folder;
}

/** Those that hold at a step of this data go on, and hold no more. */
export function letGo(data: string): void {
  writeFileSync(join(data, 'go'), '');
}

/** Values that fit `makeData`. */
export function trainConfigFor(data: string): Record<string, unknown> {
  return {
    data,
    batchSize: 8,
    queueLength: 16,
    bnSplits: 2,
    imageSize: 32,
    stem: 'small',
    epochs: 2,
    learningRate: 0.001,
  };
}
