/** Event files against a reader of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JobEvent } from '../../../common/events.ts';
import { crc32c } from '../../../worker/tensorboard/crc32c.ts';
import { openEventFile } from '../../../worker/tensorboard/event-file.ts';
import { curvesOf, eventFilesOf, readEventFile } from '../../support/tensorboard-file.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'contrast-tensorboard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const segment = (number: number, step: number): JobEvent => ({
  type: 'segment',
  segment: number,
  epoch: 0,
  step,
  resumedFrom: null,
  environment: {},
});
const step = (index: number, loss: number): JobEvent => ({
  type: 'metrics',
  group: 'step',
  epoch: 0,
  step: index,
  values: { loss, learningRate: 0.03 },
});

test('sums: the check value of CRC-32C and the vectors of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, byte) => byte))).toBe(0x46dd794e);
});

test('what is measured is read back under its names, at the number of steps done', () => {
  const folder = makeFolder();
  const file = openEventFile(folder, 0);
  const before = Date.now() / 1000;
  file.add(segment(0, 0));
  file.add(step(0, 4.5));
  file.add(step(1, Number.NaN));
  file.add({ type: 'metrics', group: 'epoch', epoch: 1, step: 2, values: { loss: 4.25, acc1: 12.5 } });
  file.add({ type: 'metrics', group: 'probe', epoch: 1, step: 300, values: { bestAccuracy: 50 } });
  file.close();
  const [path, ...others] = eventFilesOf(folder);
  expect(others).toEqual([]);
  expect(path).toMatch(/events\.out\.tfevents\.\d{10}\./);
  const [version, ...events] = readEventFile(path!);
  expect(version).toMatchObject({ version: 'brain.Event:2', scalars: {} });
  expect(events.map(({ step, scalars }) => [step, scalars])).toEqual([
    [1, { 'step/loss': 4.5, 'step/learningRate': Math.fround(0.03) }],
    [2, { 'step/loss': Number.NaN, 'step/learningRate': Math.fround(0.03) }],
    [2, { 'epoch/loss': 4.25, 'epoch/acc1': 12.5, train_loss: 4.25, learning_rate: Math.fround(0.03) }],
    [300, { 'probe/bestAccuracy': 50 }],
  ]);
  expect(events.every(({ wallTime }) => wallTime >= before && wallTime < before + 60)).toBe(true);
});

test('a run that goes on leaves no zig-zag: what it repeats is dropped, what was recorded there stays', () => {
  const folder = makeFolder();
  const first = openEventFile(folder, 0);
  first.add(segment(0, 0));
  for (const index of [0, 1, 2, 3]) first.add(step(index, index));
  first.add({ type: 'metrics', group: 'epoch', epoch: 1, step: 4, values: { loss: 1.5 } });
  for (const index of [4, 5, 6]) first.add(step(index, index)); // killed here; the last checkpoint is of 4 steps
  first.close();
  const second = openEventFile(folder, 1);
  second.add(segment(1, 4));
  for (const index of [4, 5, 6, 7]) second.add(step(index, index + 100));
  second.close();

  const files = eventFilesOf(folder);
  expect(files).toHaveLength(2);
  const curves = curvesOf(files.flatMap(readEventFile));
  expect(curves.get('step/loss')).toEqual([0, 1, 2, 3, 104, 105, 106, 107].map((loss, at) => [at + 1, loss]));
  expect(curves.get('epoch/loss')).toEqual([[4, 1.5]]);
});
