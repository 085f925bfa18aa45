/** Files of the published scripts, as they are evaluated, resumed and started from. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobEvent } from '../../../common/events.ts';
import type { NamedArray } from '../../../engine/models/layout.ts';
import { openBackend } from '../../../worker/backends.ts';
import { loadBackbone } from '../../../worker/checkpoints/backbone.ts';
import { hashFile } from '../../../worker/checkpoints/file-source.ts';
import { readGivenState, readGivenWeights } from '../../../worker/checkpoints/foreign-training.ts';
import { exportBackbone, exportMoco } from '../../../worker/checkpoints/pytorch-export.ts';
import { automatic } from '../../../worker/checkpoints/recognise.ts';
import { takeCheckpoint } from '../../../worker/checkpoints/recorded.ts';
import { readTraining } from '../../../worker/checkpoints/training.ts';
import { writeSmallCheckpoint } from '../../support/small-checkpoint.ts';

const fixtures = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures'), 'checkpoints');
const folder = mkdtempSync(join(tmpdir(), 'contrast-foreign-'));
const own = join(folder, 'own.safetensors');
const reference = join(folder, 'reference.pth.tar');

beforeAll(async () => {
  await openBackend('cpu');
  await writeSmallCheckpoint(own, { arch: 'mobilenetv3_small', stem: 'imagenet', head: 'simple', epoch: 7 });
  await exportMoco(own, reference);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sorted = (arrays: NamedArray[]) => arrays.toSorted((left, right) => left.name.localeCompare(right.name));
const bytes = ({ data }: NamedArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

test('a .pth.tar resumes with encoders, queue, pointer, momentum and epoch, to the bit', async () => {
  const [given, expected] = [await readGivenState(reference, 'moco'), await readTraining(own)];
  expect(given.position).toMatchObject({ epoch: 7, stepInEpoch: 0 });
  const [found, wanted] = [sorted(given.arrays), sorted(expected.arrays)];
  expect(found.map(({ name, shape }) => [name, [...shape]])).toEqual(
    wanted.map(({ name, shape }) => [name, [...shape]]),
  );
  for (const [at, array] of found.entries()) expect(bytes(array).equals(bytes(wanted[at]!)), array.name).toBe(true);
});

test('what is no state of MoCo cannot be resumed, but gives its weights', async () => {
  const seed = join(fixtures, 'seed-tiny.pth.tar');
  await expect(readGivenState(seed, 'moco')).rejects.toMatchObject({
    code: 'checkpoint-invalid',
    cure: expect.stringContaining('--restart'),
  });
  const names = (await readGivenWeights(seed, automatic)).map(({ name }) => name);
  expect(names).toContain('encoder_q.conv1.weight');
  expect(names.filter((name) => !name.startsWith('encoder_q.'))).toEqual([]);
});

test('a backbone is the same out of each format; a head that is not there is not needed', async () => {
  const bare = join(folder, 'bare.pth');
  await exportBackbone(own, bare, { ...automatic, encoder: 'k' }, 'backbone');
  const whole = await loadBackbone(own, { encoder: 'k' });
  for (const path of [reference, bare]) {
    const other = await loadBackbone(path, path === bare ? {} : { encoder: 'k' });
    expect(other.metadata).toMatchObject({ arch: 'mobilenetv3_small', stem: 'imagenet' });
    expect(other.unused).toEqual([]);
    for (const [name, tensor] of Object.entries({ ...whole.parameters, ...whole.buffers })) {
      if (path === bare && name.startsWith('fc.')) continue;
      const found = { ...other.parameters, ...other.buffers }[name]!;
      expect(Buffer.from(found.dataSync().buffer).equals(Buffer.from(tensor.dataSync().buffer)), name).toBe(true);
    }
  }
});

test('an unknown net is refused with what is nearest, a chosen one with what does not fit', async () => {
  const tiny = join(fixtures, 'moco-tiny.pth.tar');
  await expect(loadBackbone(tiny)).rejects.toThrow(/fits no net .* resnet18 is nearest, but under "module.encoder_q."/);
  await expect(loadBackbone(reference, { arch: 'resnet50' })).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  await expect(loadBackbone(reference, { encoder: 'teacher' })).rejects.toThrow('has no encoder "teacher"');
});

test("a run's checkpoint is verified against the log of the run, and its use recorded", async () => {
  const run = join(folder, 'run');
  const path = join(run, 'checkpoints', 'checkpoint_0006.safetensors');
  await mkdir(join(run, 'checkpoints'), { recursive: true });
  await copyFile(own, path);
  const sha256 = await hashFile(path);
  const event = { type: 'checkpoint', epoch: 7, step: 7, path: 'checkpoints/checkpoint_0006.safetensors', sha256 };
  appendFileSync(join(run, 'events.jsonl'), `${JSON.stringify({ seq: 0, time: '', ...event })}\n`);
  const events: JobEvent[] = [];
  const wishes = { signal: new AbortController().signal, current: () => null, interruptedBy: () => null, close() {} };
  const context = { report: (event: JobEvent) => void events.push(event), wishes };
  expect(await takeCheckpoint(path, 'resume', context)).toMatchObject({ file: path, sha256 });
  expect(events.at(-1)).toEqual({ type: 'used', role: 'resume', path, sha256 });

  const file = await open(path, 'r+');
  await file.write(Buffer.of(1), 0, 1, 100_000);
  await file.close();
  await expect(takeCheckpoint(path, 'resume', context)).rejects.toThrow(`expected SHA-256 ${sha256}`);
});
