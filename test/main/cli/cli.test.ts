/** The command line as users have it: a process, its two streams, its exit code; the real worker, small pictures. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive, readState } from '../../../main/jobs/run-folder.ts';
import { serveStudio } from '../../support/served-studio.ts';
import { temporaryFolder, until } from '../../support/studio.ts';

const root = join(import.meta.dirname, '..', '..', '..');

interface Said {
  stdout: string;
  stderr: string;
}

interface Ended extends Said {
  code: number | null;
}

function start(...args: string[]): { process: ChildProcess; said: Said; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(root, 'bin', 'contrast.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CONTRAST_WORKSPACE: undefined },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { process: child, said, ended };
}

const contrast = (...args: string[]): Promise<Ended> => start(...args).ended;

/** Pictures of noise in train/ and val/, two classes each. */
async function pictures(folder: string, perClass = 16): Promise<string> {
  for (const split of ['train', 'val']) {
    for (const [label, level] of [
      ['dark', 40],
      ['light', 200],
    ] as const) {
      mkdirSync(join(folder, split, label), { recursive: true });
      for (let i = 0; i < perClass; i++) {
        const pixels = Uint8Array.from({ length: 20 * 20 * 3 }, (_, at) => level + ((at * 7919 + i * 104_729) % 41));
        const image = sharp(pixels, { raw: { width: 20, height: 20, channels: 3 } });
        await image.png().toFile(join(folder, split, label, `${i}.png`));
      }
    }
  }
  return folder;
}

const small = '--stem small --image-size 16 -b 8 --moco-k 16 --bn-splits 2 --moco-dim 16 --lr 0.01 --seed 3 -j 1'.split(
  ' ',
);

describe('usage', () => {
  test('help on stdout, a wrong word on stderr with the nearest one and code 2', async () => {
    const [help, flag, verb, nothing] = await Promise.all([
      contrast('train', '--help'),
      contrast('train', 'data', '--epoch', '3'),
      contrast('trian', 'data'),
      contrast('runs', 'lss'),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/--moco-t, --temperature <number> .*default: 0\.1/);
    expect(flag).toMatchObject({ code: 2, stdout: '' });
    expect(flag.stderr).toContain('Did you mean --epochs?');
    expect(verb).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean train?') });
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean ls?') });
  });

  test('a value that cannot be is code 2, with --json one object that names the field', async () => {
    const { code, stdout, stderr } = await contrast('train', 'data', '--epochs', '0', '--json');
    expect(code).toBe(2);
    expect(stderr).toContain('--epochs is 0; it must be at least 1.');
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'config-invalid', field: 'epochs' });
  });

  test('data that is not there is code 3, with the reason', async () => {
    const workspace = temporaryFolder();
    const missing = join(workspace, 'nothing');
    const { code, stdout, stderr } = await contrast('train', missing, ...small, '--json', '--workspace', workspace);
    expect(stderr).toContain(missing);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'failed', error: { code: 'data-invalid' } });
  });
});

describe('data', () => {
  test('dataset check lists what is broken and prints nothing but JSON', async () => {
    const workspace = temporaryFolder();
    const data = await pictures(join(workspace, 'data'), 2);
    writeFileSync(join(data, 'train', 'dark', 'torn.png'), 'not a picture');
    const { code, stdout } = await contrast('dataset', 'check', data, '--json', '--workspace', workspace);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ classes: 2, broken: [{ path: expect.stringContaining('torn.png') }] });
    expect(existsSync(join(workspace, 'runs'))).toBe(false);
  });
});

describe('a run in the foreground', () => {
  test('trains, prints one object, is in the list, is measured by knn, and can be put into the trash', async () => {
    const workspace = temporaryFolder();
    const data = await pictures(join(workspace, 'data'));
    const here = ['--workspace', workspace, '--json'];
    const trained = await contrast(
      'train',
      data,
      ...small,
      '--epochs',
      '2',
      '--name',
      'first',
      '--world-size',
      '8',
      ...here,
    );
    expect(trained.stderr).toContain('--world-size: accepted and not used');
    expect(trained.stderr).toContain('Epoch 2:');
    expect(trained.code).toBe(0);
    const result = JSON.parse(trained.stdout);
    expect(result).toMatchObject({ state: 'finished', epochs: 2, protocol: { method: 'moco' } });
    for (const field of ['loss', 'acc1', 'acc5', 'imagesPerSecond', 'elapsedSeconds'])
      expect(result[field]).toBeTypeOf('number');
    expect(Object.keys(result.knn)).toEqual(expect.arrayContaining(['bestAccuracy', 'bestK', 'untrained', 'pixels']));
    expect(result.checkpoints.every(existsSync)).toBe(true);
    expect(result.checkpoint).toBe(result.checkpoints.at(-1));

    const list = JSON.parse((await contrast('runs', 'ls', ...here)).stdout);
    expect(list).toMatchObject({ total: 1, runs: [{ id: result.run, name: 'first', state: 'finished', epoch: 2 }] });
    const shown = JSON.parse((await contrast('runs', 'show', result.run.slice(0, 5), ...here)).stdout);
    expect(shown.command).toContain('--batch-size 8');
    expect(shown.command).toBe(readFileSync(join(result.folder, 'command.txt'), 'utf8').trim());

    const knn = JSON.parse((await contrast('knn', data, '--pretrained', result.checkpoint, '-k', '5', ...here)).stdout);
    expect(knn).toMatchObject({ trainImages: 32, valImages: 32, bestAccuracy: expect.any(Number) });
    expect(Object.keys(knn.accuracyByK)).toEqual(['1', '3', '5']);

    expect(await contrast('runs', 'rm', result.run, ...here)).toMatchObject({ code: 0 });
    expect(JSON.parse((await contrast('runs', 'ls', ...here)).stdout).total).toBe(1);
    expect(await contrast('runs', 'restore', result.run, ...here)).toMatchObject({ code: 0 });
    expect(await contrast('runs', 'ls', 'at1:epoch/loss > 0 and (', ...here)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^at1:epoch\/loss > 0 and \(\n {24}\^\nerror: /),
    });
    const { stdout: listed } = await contrast('runs', 'ls', 'at1:epoch/loss > 0', '--json', ...here);
    expect(JSON.parse(listed)).toMatchObject({ total: 1 });
    expect(await contrast('runs', 'rm', result.run, ...here)).toMatchObject({ code: 0 });
    expect(await contrast('runs', 'rm', result.run, '--forever', ...here)).toMatchObject({ code: 0 });
    expect(existsSync(result.folder)).toBe(false);
    expect(await contrast('runs', 'show', result.run, ...here)).toMatchObject({ code: 2 });
  });

  /** A run that would go on for minutes, once it has done a few steps. */
  async function longRun(workspace: string, ...more: string[]) {
    const data = await pictures(join(workspace, 'data'));
    const running = start(
      'train',
      data,
      ...small,
      '--epochs',
      '5000',
      '--probe-every',
      '0',
      '--workspace',
      workspace,
      ...more,
    );
    const runs = join(workspace, 'runs');
    const folder = await until(
      () => existsSync(runs) && readdirSync(runs).find((name) => !name.startsWith('.')),
      'a run folder',
    );
    const path = join(runs, folder);
    await until(() => (readState(path)?.step ?? 0) > 3, 'some steps');
    return { ...running, folder: path };
  }

  test('the first signal saves and ends as interrupted with 130; the run goes on where it was', async () => {
    const workspace = temporaryFolder();
    const run = await longRun(workspace, '--json');
    run.process.kill('SIGINT');
    run.process.kill('SIGINT'); // as launchers do that pass on what the terminal has sent already
    const { code, stdout, stderr } = await run.ended;
    expect(stderr).toContain('Saving a checkpoint');
    expect(code).toBe(130);
    const result = JSON.parse(stdout);
    expect(result.state).toBe('interrupted');
    expect(existsSync(result.checkpoint)).toBe(true);

    const resumed = start('runs', 'resume', result.run, '--workspace', workspace, '--json');
    const stepBefore = readState(run.folder)!.step;
    await until(() => (readState(run.folder)?.step ?? 0) > stepBefore + 2, 'more steps');
    resumed.process.kill('SIGTERM');
    const again = await resumed.ended;
    expect(again.code).toBe(143);
    expect(again.stderr).toContain('Going on at epoch');
  });

  test('the second signal ends at once, and the state says so', async () => {
    const workspace = temporaryFolder();
    const run = await longRun(workspace);
    process.kill(readState(run.folder)!.pid!, 'SIGSTOP'); // or it has saved before the second signal is there
    run.process.kill('SIGINT');
    await until(() => run.said.stderr.includes('once more ends it at once'), 'what the first signal does');
    await new Promise((resolve) => setTimeout(resolve, 1000)); // more than the same signal is taken for one
    run.process.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    const state = readState(run.folder)!;
    expect(state.state).toBe('interrupted');
    expect(isAlive(state)).toBe(false);
  });

  test('runs pause reaches a run of another terminal, which ends well', async () => {
    const workspace = temporaryFolder();
    const run = await longRun(workspace);
    const id = run.folder.split('-').at(-1)!;
    expect(await contrast('runs', 'pause', id, '--workspace', workspace)).toMatchObject({ code: 0 });
    expect(await run.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('paused') });
  });
});

describe('beside an open studio', () => {
  test('verbs go to it, what is queued is started by it, and a second one is told where it is', async () => {
    const workspace = temporaryFolder();
    const data = await pictures(join(workspace, 'data'));
    const here = ['--workspace', workspace, '--json'];
    const queued = await contrast('train', data, ...small, '--epochs', '1', '--queue', ...here);
    const { run, folder } = JSON.parse(queued.stdout);
    expect(readState(folder)!.state).toBe('queued');
    expect(JSON.parse((await contrast('queue', 'ls', ...here)).stdout)).toMatchObject({ live: false, order: [run] });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(readState(folder)!.state).toBe('queued'); // looking starts nothing
    expect(JSON.parse((await contrast('queue', 'hold', ...here)).stdout).held).toBe(true);

    const studio = await serveStudio(workspace);
    onTestFinished(studio.stop);
    const second = await contrast('serve', '--port', '0', '--no-open', '--workspace', workspace);
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining(new URL(studio.url).origin) });
    expect(JSON.parse((await contrast('queue', 'ls', ...here)).stdout)).toMatchObject({
      live: true,
      held: true,
      order: [run],
    });
    expect(JSON.parse((await contrast('queue', 'release', ...here)).stdout).held).toBe(false);
    await until(() => readState(folder)!.state === 'finished', 'the queued run to finish');
    expect(JSON.parse((await contrast('runs', 'ls', '--state', 'finished', ...here)).stdout).runs[0].id).toBe(run);
    const coloured = await contrast('runs', 'colour', run, 'teal', ...here);
    expect(JSON.parse(coloured.stdout)).toMatchObject({ runs: [{ run, colour: '#098777' }] });
    const noColour = await contrast('runs', 'colour', run, 'tael', ...here);
    expect(noColour).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/"tael" is no colour.*blue, orange, teal/s),
    });
    const unknown = await contrast('runs', 'stop', 'nothing', ...here);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no run "nothing"') });
  });

  test('serve ends by Ctrl-C with 0 and leaves no lock', async () => {
    const workspace = temporaryFolder();
    const studio = await serveStudio(workspace);
    expect(existsSync(join(workspace, 'studio.lock'))).toBe(true);
    await studio.stop();
    expect(studio.process.exitCode).toBe(0);
    expect(existsSync(join(workspace, 'studio.lock'))).toBe(false);
  });
});

test('doctor computes on a backend and tells the rest in words', async () => {
  const workspace = temporaryFolder();
  const { code, stdout } = await contrast('doctor', '--json', '--workspace', workspace);
  const { healthy, checks } = JSON.parse(stdout);
  expect(healthy).toBe(code === 0);
  const of = (name: string) => checks.find((check: { name: string }) => check.name === name);
  expect(of('Backend').message).toMatch(/(native|wasm) on the (cpu|gpu): .* GFLOP\/s/);
  expect(of('Node')).toMatchObject({ level: 'ok' });
  expect(of('Database')).toMatchObject({ level: 'ok' });
  writeFileSync(join(workspace, 'studio.db'), 'not a database, and long enough to be looked at '.repeat(100));
  const damaged = await contrast('doctor', '--json', '--workspace', workspace);
  expect(damaged.code).toBe(4);
  expect(JSON.parse(damaged.stdout).checks).toContainEqual(
    expect.objectContaining({ name: 'Database', level: 'error', cure: expect.stringContaining('nothing is lost') }),
  );
});
