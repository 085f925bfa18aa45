/** A run that goes on from a file of the published scripts goes on as from the checkpoint of ours that it was made from. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportMoco } from '../../worker/checkpoints/pytorch-export.ts';
import { type JobRun, runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';

const root = await mkdtemp(join(tmpdir(), 'contrast-resume-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const losses = ({ events }: JobRun) =>
  events.flatMap((event) =>
    event.type === 'metrics' && event.group === 'step' ? [[event.step, event.values.loss]] : [],
  );

test('a .pth.tar resumes at its epoch with the same losses; --restart takes its weights and begins anew', async () => {
  await makePictures(join(root, 'data'), { splits: { train: 8 }, side: 24 }); // 24 images: 3 steps
  const config = {
    data: join(root, 'data', 'train'),
    imageSize: 24,
    stem: 'small',
    mlp: 'simple',
    embeddingDimension: 16,
    queueLength: 32,
    batchSize: 8,
    bnSplits: 2,
    learningRate: 0.01,
    seed: 5,
  };
  const first = await runJob('train', join(root, 'first'), { ...config, epochs: 1 });
  const own = join(root, 'first', 'checkpoints', 'checkpoint_0000.safetensors');
  const foreign = join(root, 'checkpoint_0000.pth.tar');
  await exportMoco(own, foreign);
  expect(first.ending).toBe('finished');

  const resume = (name: string, from: string, more = {}) =>
    runJob('train', join(root, name), { ...config, epochs: 2, resume: from, ...more });
  const [fromOwn, fromForeign] = [await resume('own', own), await resume('foreign', foreign)];
  expect(losses(fromOwn).map(([step]) => step)).toEqual([3, 4, 5]);
  expect(losses(fromForeign)).toEqual(losses(fromOwn));
  expect(fromForeign.events.find(({ type }) => type === 'used')).toMatchObject({ role: 'resume', path: foreign });

  const anew = await resume('anew', foreign, { restart: true, epochs: 1, mlp: 'none' });
  expect(losses(anew).map(([step]) => step)).toEqual([0, 1, 2]);
  const left = anew.events.flatMap((event) => (event.type === 'log' ? [event.message] : []));
  expect(left.join('\n')).toContain('left out of the checkpoint: encoder_q.fc.0.weight');
});
