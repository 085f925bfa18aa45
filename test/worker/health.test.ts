/** Planted failures in real runs: each must be told within two probe intervals. */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventOf, JobEvent } from '../../common/events.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures, makePlainPictures } from '../support/pictures.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-health-'));
  await makePictures(join(root, 'data'), { splits: { train: 24 }, side: 32 }); // 72 images
  await makePlainPictures(join(root, 'constant'), 12, 'same');
  await makePlainPictures(join(root, 'colours'), 60, 'different');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
let made = 0;

/** Two epochs, a probe after each; ends early once the awaited alarm has come. */
async function eventsOf(
  change: Record<string, unknown>,
  awaited?: string,
): Promise<{ events: JobEvent[]; folder: string; error: unknown }> {
  const folder = join(root, `run-${made++}`);
  const config = {
    data: join(root, 'data'),
    imageSize: 32,
    arch: 'mobilenetv3_small', // small: the checkpoints take the most of the time
    mlp: 'none',
    embeddingDimension: 16,
    queueLength: 24,
    keyMomentum: 0.9,
    batchSize: 12,
    bnSplits: 2,
    learningRate: 0.01,
    epochs: 2,
    workers: 1,
    seed: 5,
    device,
    ...change,
  };
  const events: JobEvent[] = [];
  const error = await runJob('train', folder, config, (event) => {
    events.push(event);
    return event.type === 'alarm' && event.rule === awaited;
  }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { events, folder, error };
}
const alarmsOf = (events: JobEvent[]) => events.filter((event): event is EventOf<'alarm'> => event.type === 'alarm');
const rulesOf = (events: JobEvent[]) => alarmsOf(events).map(({ rule }) => rule);
const probesOf = (events: JobEvent[], name: string) =>
  events.flatMap((event) => (event.type === 'metrics' && event.group === 'probe' ? [event.values[name]!] : []));

test('a run as it should be is silent, and has its trajectory', { timeout: 300_000 }, async () => {
  const { events, error } = await eventsOf({});
  expect(error).toBe(null);
  expect(rulesOf(events)).toEqual([]);
  expect(probesOf(events, 'alignment')).toHaveLength(2);
  for (const value of probesOf(events, 'uniformity')) expect(value).toBeLessThan(0);
  for (const value of probesOf(events, 'keyDrift')) expect(value).toBeGreaterThan(0);
});

test('a learning rate without measure: the run stops, and nothing broken is saved', { timeout: 300_000 }, async () => {
  const first = await eventsOf({ learningRate: 1e30 });
  expect(first.error).toMatchObject({ code: 'health-stop', exitCode: 5 });
  expect(rulesOf(first.events)).toContain('not-finite');
  expect(first.events.some(({ type }) => type === 'checkpoint')).toBe(false);
  expect(readdirSync(join(first.folder, 'checkpoints'))).toEqual([]);
});

test('images that are all alike: collapse', { timeout: 300_000 }, async () => {
  // A net without batch norm, which divides by almost nothing where nothing varies. Steps count from 48 on: the rule
  // holds from step 50.
  const few = { arch: 'vit_tiny', batchSize: 2, bnSplits: 1, queueLength: 8, startEpoch: 8, epochs: 10 };
  const { events } = await eventsOf({ data: join(root, 'constant'), jitter: 0, ...few }, 'collapse');
  expect(rulesOf(events)).toContain('collapse');
});

test('one batch-norm group and weak views: the task is solved too early', { timeout: 300_000 }, async () => {
  const weak = { cropScaleMin: 0.99, jitter: 0, greyProbability: 0, blurProbability: 0 };
  // Both views of a picture of one colour are the same, the key encoder is the query encoder, and both see one batch.
  const { events } = await eventsOf({
    ...weak,
    data: join(root, 'colours'),
    bnSplits: 1,
    queueLength: 12,
    keyMomentum: 0,
  });
  expect(rulesOf(events)).toEqual(['pretext-solved']);
  expect(alarmsOf(events)[0]!.cure).toContain('--bn-splits');
});

test('a queue larger than the data', { timeout: 300_000 }, async () => {
  const { events } = await eventsOf({ queueLength: 120, epochs: 1 }, 'queue-too-long');
  expect(rulesOf(events)).toContain('queue-too-long');
});

test('a key encoder that stays where it was, at a high rate: drift', { timeout: 300_000 }, async () => {
  const { events } = await eventsOf({ keyMomentum: 1, learningRate: 3 }, 'key-drift');
  expect(rulesOf(events)).toContain('key-drift');
});
