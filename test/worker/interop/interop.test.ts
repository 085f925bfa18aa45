/** Runs that leave and come back, and logs that were torn or made to deceive. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunImport } from '../../../common/interop.ts';
import { eventsOf } from '../../../worker/interop/recorded-metrics.ts';
import { maskedCrc32c } from '../../../worker/tensorboard/crc32c.ts';
import { recordOf } from '../../../worker/tensorboard/event-record.ts';
import { runJob } from '../../support/job-run.ts';
import { peerPython } from '../../support/peer-python.ts';
import { trainingEvents, writeFinishedRun } from '../../support/run-folders.ts';
import { curvesOf, eventFilesOf, readEventFile } from '../../support/tensorboard-file.ts';
import { seriesOf } from '../../support/worker-run.ts';

function place() {
  const root = mkdtempSync(join(tmpdir(), 'contrast-interop-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const into = join(root, 'other', 'runs');
  mkdirSync(into, { recursive: true });
  return { root, into, task: join(root, 'task') };
}

const demo = () =>
  trainingEvents({ epochs: 2, stepsPerEpoch: 3, knn: (epoch) => 50 + epoch, loss: (step) => 4 - step / 8 });

function run(root: string) {
  return writeFinishedRun(root, { id: 'abcdefgh', name: 'Demo', config: { seed: 1 }, events: demo() });
}

async function bring(source: string, { into, task }: { into: string; task: string }, preview = false) {
  const { values } = await runJob('run-import', task, { source, into, preview });
  return values as unknown as RunImport;
}

test('curves come back from a log folder as they were, and once only', async () => {
  const { root, into, task } = place();
  const folder = run(root);
  const logs = join(root, 'logs');
  await runJob('run-export', task, { runs: [folder], format: 'tensorboard', target: logs });
  const [file] = eventFilesOf(join(logs, basename(folder)));
  expect(curvesOf(readEventFile(file!)).get('step/loss')).toEqual(
    [4, 3.875, 3.75, 3.625, 3.5, 3.375].map((loss, at) => [at + 1, loss]),
  );
  expect((await bring(logs, { into, task }, true)).runs).toMatchObject([{ points: 12, existing: false, remarks: [] }]);
  expect(readdirSync(into)).toEqual([]);
  const { runs } = await bring(logs, { into, task });
  for (const [group, name] of [
    ['step', 'loss'],
    ['epoch', 'loss'],
    ['probe', 'bestAccuracy'],
  ] as const) {
    expect(seriesOf(runs[0]!.folder, group, name)).toEqual(seriesOf(folder, group, name));
  }
  expect((await bring(logs, { into, task })).runs).toMatchObject([{ id: runs[0]!.id, existing: true }]);
  expect(readdirSync(into)).toHaveLength(1);

  // A log folder is replaced where that is asked for; one that holds anything else never is.
  const again = (overwrite: boolean) =>
    runJob('run-export', task, { runs: [folder], format: 'tensorboard', target: logs, overwrite });
  await expect(again(false)).rejects.toThrow(`The folder ${logs} is not empty.`);
  await again(true);
  const own = join(logs, 'thesis.tex');
  writeFileSync(own, 'years of work');
  await expect(again(true)).rejects.toThrow('holds more than event files: thesis.tex');
  expect(readFileSync(own, 'utf8')).toBe('years of work');
});

test('a log that grew adds its new points to the run that came from it; another history is a second run', async () => {
  const { root, into, task } = place();
  const logs = join(root, 'logs');
  mkdirSync(logs);
  const point = (step: number, value: number) => recordOf({ wallTime: 1e9 + step, step, scalars: { x: value } });
  const head = recordOf({ wallTime: 1e9, step: 0, fileVersion: 'brain.Event:2' });
  const [first, second] = ['1', '2'].map((name) => join(logs, `events.out.tfevents.${name}`)) as [string, string];
  const whole = Buffer.concat([head, point(1, 3), point(2, 2)]);
  const third = point(3, 1);
  writeFileSync(first, Buffer.concat([whole, third.subarray(0, 10)])); // as of one that is being written
  const points = (folder: string) => [...seriesOf(folder, 'tensorboard', 'x')];
  const lasts = (folder: string) => [...eventsOf(folder, 'segment', 'ended')].map(({ event }) => event.time);
  const seqs = (folder: string) => [...eventsOf(folder)].map(({ event }) => event.seq);
  const [run] = (await bring(logs, { into, task })).runs;
  expect(run).toMatchObject({ points: 2, existing: false, newPoints: 0 });

  // It lasted as long as what was measured in it.
  expect(lasts(run!.folder)).toEqual([1, 2].map((step) => new Date((1e9 + step) * 1000).toISOString()));

  // The torn record is whole now, one is behind it, and a restart wrote a file of its own.
  writeFileSync(first, Buffer.concat([whole, third, point(4, 0.5)]));
  writeFileSync(
    second,
    Buffer.concat([head, recordOf({ wallTime: 1e9, step: 4, sessionStart: true }), point(4, 0.25)]),
  );
  const grown = { id: run!.id, folder: run!.folder, existing: true, points: 5, newPoints: 3 };
  const before = readFileSync(join(run!.folder, 'events.jsonl'), 'utf8');
  expect((await bring(logs, { into, task }, true)).runs).toMatchObject([grown]);
  expect(readFileSync(join(run!.folder, 'events.jsonl'), 'utf8')).toBe(before);
  expect((await bring(logs, { into, task })).runs).toMatchObject([grown]);
  const after = readFileSync(join(run!.folder, 'events.jsonl'), 'utf8');
  expect(after.startsWith(before)).toBe(true);
  expect(points(run!.folder)).toEqual([
    [1, 3],
    [2, 2],
    [3, 1],
    [4, 0.25],
  ]);
  expect(seqs(run!.folder)).toEqual(seqs(run!.folder).map((_, at) => at));
  expect((await bring(logs, { into, task })).runs).toMatchObject([{ ...grown, newPoints: 0 }]);
  expect(readFileSync(join(run!.folder, 'events.jsonl'), 'utf8')).toBe(after);
  expect(readdirSync(into)).toEqual([basename(run!.folder)]);

  writeFileSync(first, Buffer.concat([head, point(1, 9), point(2, 8), point(3, 7), point(4, 6)]));
  const [other] = (await bring(logs, { into, task })).runs;
  expect(other).toMatchObject({ name: 'logs (2)', existing: false });
  expect(other!.remarks.join()).toContain(`does not go on from what was imported from here as run ${run!.id}`);
  expect(readFileSync(join(run!.folder, 'events.jsonl'), 'utf8')).toBe(after);
  expect(readdirSync(into)).toHaveLength(2);
});

function framed(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  const sum = (bytes: Buffer) => {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(maskedCrc32c(bytes));
    return four;
  };
  return Buffer.concat([length, sum(length), data, sum(data)]);
}

test('a torn file gives what is whole of it and the place; sub-folders are runs; NaN, steps that go back', async () => {
  const { root, into, task } = place();
  const logs = join(root, 'logs');
  mkdirSync(join(logs, 'a', 'b'), { recursive: true });
  const point = (step: number, value: number) =>
    recordOf({ wallTime: 1e9 + step, step, scalars: { 'val/loss': value } });
  const whole = [
    recordOf({ wallTime: 1e9, step: 0, fileVersion: 'brain.Event:2' }),
    point(1, 3),
    point(2, Number.NaN),
    point(1, 2),
  ];
  const torn = Buffer.concat([...whole, point(3, 1).subarray(0, 20)]);
  writeFileSync(join(logs, 'a', 'events.out.tfevents.1'), torn);
  // As TensorFlow 2 writes a scalar: step 5, tag x, tensor { dtype float, shape {}, float_val [0.25] }.
  const scalar = Buffer.from('10052a11' + '0a0f' + '0a0178' + '420a' + '0801' + '1200' + '2a040000803e', 'hex');
  writeFileSync(join(logs, 'a', 'b', 'events.out.tfevents.2'), framed(scalar));
  const { runs } = await bring(logs, { into, task });
  expect(runs.map(({ name, points, tags }) => [name, points, tags])).toEqual([
    ['logs/a', 3, ['val/loss']],
    ['logs/a/b', 1, ['x']],
  ]);
  const end = whole.reduce((sum, { length }) => sum + length, 0);
  expect(runs[0]!.remarks.join('\n')).toContain(`byte ${end}: a record of`);
  expect(seriesOf(runs[0]!.folder, 'tensorboard', 'val/loss')).toEqual(
    new Map([
      [1, 2],
      [2, Number.NaN],
    ]),
  );
  expect(seriesOf(runs[1]!.folder, 'tensorboard', 'x')).toEqual(new Map([[5, 0.25]]));
});

test('a length that lies costs nothing, a wrong checksum its record alone', async () => {
  const { root, into, task } = place();
  const logs = join(root, 'logs');
  mkdirSync(logs);
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(2n ** 50n);
  head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
  const point = recordOf({ wallTime: 1, step: 1, scalars: { x: 1 } });
  const bad = Buffer.from(point);
  bad[bad.length - 1]! ^= 255;
  writeFileSync(join(logs, 'events.out.tfevents.1'), Buffer.concat([bad, point, head]));
  const { runs } = await bring(logs, { into, task });
  expect(runs[0]).toMatchObject({ points: 1 });
  expect(runs[0]!.remarks).toHaveLength(2);
});

test('a bundle brings the same files; twice nothing more; a changed byte is refused and leaves nothing', async () => {
  const { root, into, task } = place();
  const folder = run(root);
  const zip = join(root, 'demo.zip');
  await runJob('run-export', task, { runs: [folder], format: 'bundle', target: zip });
  await expect(runJob('run-export', task, { runs: [folder], format: 'bundle', target: zip })).rejects.toThrow(
    'already',
  );
  const spoilt = join(root, 'spoilt.zip');
  copyFileSync(zip, spoilt);
  const bytes = readFileSync(spoilt);
  bytes[bytes.indexOf('"type":"plan"')]! ^= 1;
  writeFileSync(spoilt, bytes);
  await expect(bring(spoilt, { into, task })).rejects.toThrow(/events\.jsonl is damaged: expected SHA-256/);
  expect(readdirSync(into)).toEqual([]);
  const { runs } = await bring(zip, { into, task });
  for (const name of ['config.json', 'events.jsonl', 'command.txt'])
    expect(readFileSync(join(runs[0]!.folder, name))).toEqual(readFileSync(join(folder, name)));
  expect((await bring(zip, { into, task })).runs).toMatchObject([{ existing: true }]);
  expect(readdirSync(into)).toEqual([basename(folder)]);
});

test('checkpoints that lie elsewhere are carried into the folder of their run', async () => {
  const { root, into, task } = place();
  const elsewhere = join(root, 'disk');
  mkdirSync(elsewhere);
  const file = join(elsewhere, 'checkpoint_0000.safetensors');
  writeFileSync(file, 'weights');
  const sha256 = createHash('sha256').update('weights').digest('hex');
  const at = { epoch: 1, step: 3 };
  const folder = writeFinishedRun(root, {
    ...{ id: 'abcdefgh', name: 'Demo', config: { seed: 1, checkpointFolder: elsewhere } },
    events: [
      ...demo(),
      { type: 'checkpoint', ...at, path: join(elsewhere, 'gone.safetensors'), sizeBytes: 1, sha256 },
      { type: 'checkpoint', ...at, path: file, sizeBytes: 7, sha256 },
      { type: 'used', role: 'resume', path: file, sha256 },
    ],
  });
  const zip = join(root, 'demo.zip');
  const send = (more = {}) =>
    runJob('run-export', task, { runs: [folder], format: 'bundle', target: zip, overwrite: true, ...more });
  await send();
  const { runs } = await bring(zip, { into, task });
  const [arrived] = runs;
  expect(readFileSync(join(arrived!.folder, 'checkpoints', 'checkpoint_0000.safetensors'), 'utf8')).toBe('weights');
  const told = [...eventsOf(arrived!.folder, 'checkpoint', 'used')].map(({ event }) => event);
  expect(told).toMatchObject([
    { path: 'checkpoints/gone.safetensors' },
    { path: 'checkpoints/checkpoint_0000.safetensors', sha256 },
    { type: 'used', path: file }, // what was read, and where
  ]);
  expect(readFileSync(join(arrived!.folder, 'config.json'), 'utf8')).not.toContain(elsewhere);
  // Where it comes from it is the same run, and so it is where it went; from there it leaves as it came.
  expect((await bring(zip, { into: join(root, 'runs'), task })).runs).toMatchObject([{ existing: true }]);
  expect((await bring(zip, { into, task })).runs).toMatchObject([{ existing: true }]);
  const again = join(root, 'again.zip');
  await runJob('run-export', task, { runs: [arrived!.folder], format: 'bundle', target: again });
  expect((await bring(again, { into: join(root, 'runs'), task })).runs).toMatchObject([{ existing: true }]);

  // Another run's checkpoint of that name is none of this one.
  writeFileSync(file, 'of another run');
  const before = readFileSync(zip);
  await expect(send()).rejects.toThrow(/is not what "Demo" saved: expected SHA-256/);
  expect(readFileSync(zip)).toEqual(before);
  await send({ checkpoints: false });
});

const peer = peerPython('tensorboard');

test.skipIf(peer.missing)(
  `TensorBoard's own reader finds the same points ${peer.missing ?? ''}`,
  { timeout: 300_000 },
  async () => {
    const { root, task } = place();
    const folder = run(root);
    const logs = join(root, 'logs');
    await runJob('run-export', task, { runs: [folder], format: 'tensorboard', target: logs });
    const code = [
      'import json, sys',
      'from tensorboard.backend.event_processing.event_accumulator import EventAccumulator',
      'read = EventAccumulator(sys.argv[1]).Reload()',
      'print(json.dumps({tag: [[e.step, e.value] for e in read.Scalars(tag)] for tag in read.Tags()["scalars"]}))',
    ];
    const said = execFileSync(peer.python, ['-c', code.join('\n'), join(logs, basename(folder))], { encoding: 'utf8' });
    const [file] = eventFilesOf(join(logs, basename(folder)));
    expect(JSON.parse(said)).toEqual(Object.fromEntries(curvesOf(readEventFile(file!))));
  },
);
