/** `contrast chain` with the real worker: the shipped chain from the teacher to the evaluations, on a few pictures. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { makePictures } from '../../support/pictures.ts';
import { writeSmallCheckpoint } from '../../support/small-checkpoint.ts';
import { temporaryFolder } from '../../support/studio.ts';

async function contrast(...args: string[]) {
  const entry = join(import.meta.dirname, '../../../main/cli/index.ts');
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, stdout, stderr };
}

interface Link {
  name: string;
  run: string;
  state: string;
  checkpoint: string | null;
  result: Record<string, unknown>;
}

const changes = [
  ...['epochs=1', 'queueLength=16', 'batchSize=8', 'probeEvery=0'].map((change) => `distil.${change}`),
  ...['epochs=1', 'queueLength=16', 'batchSize=8', 'bnSplits=1', 'probeEvery=0'].map((change) => `train.${change}`),
  ...['epochs=2', 'batchSize=8', 'schedule=[1]'].map((change) => `linear.${change}`),
  'knn.maxNeighbours=5',
].flatMap((change) => ['--set', change]);

test('distilled, trained from the student, measured twice; and found again', { timeout: 10 * 60_000 }, async () => {
  const workspace = temporaryFolder();
  const data = join(workspace, 'pictures');
  await makePictures(data, { splits: { train: 6, val: 2 }, side: 32 });
  const teacher = join(workspace, 'teacher.safetensors');
  await writeSmallCheckpoint(teacher);
  const place = ['--workspace', workspace, '--json'];

  const wrong = await contrast('chain', 'demo-seed', data, '--teacher', teacher, '--set', 'train.epochs=0', ...place);
  expect(wrong.code).toBe(2);
  expect(JSON.parse(wrong.stdout).error.message).toContain('"Contrastive training of the student": Epochs is 0');

  const { code, stdout, stderr } = await contrast(
    'chain',
    'demo-seed',
    data,
    '--teacher',
    teacher,
    ...changes,
    ...place,
  );
  expect(code, stderr).toBe(0);
  const ended = JSON.parse(stdout) as { chain: string; state: string; links: Link[] };
  const [distil, train, knn, linear] = ended.links as [Link, Link, Link, Link];
  expect(ended).toMatchObject({ state: 'finished' });
  expect(ended.links.map(({ name, state }) => [name, state])).toEqual(
    ['distil', 'train', 'knn', 'linear'].map((name) => [name, 'finished']),
  );
  const configOf = (checkpoint: string) =>
    JSON.parse(readFileSync(join(dirname(dirname(checkpoint)), 'config.json'), 'utf8'));
  expect(configOf(train.checkpoint!)).toMatchObject({
    parent: distil.run,
    config: { resume: distil.checkpoint, restart: true },
  });
  expect(knn.result.bestAccuracy).toBeTypeOf('number');
  expect(linear.result.top1).toBeTypeOf('number');

  const listed = JSON.parse((await contrast('chains', 'ls', ...place)).stdout).chains;
  expect(listed).toMatchObject([{ id: ended.chain, driver: null, links: ended.links.map(({ run }) => ({ run })) }]);
});
