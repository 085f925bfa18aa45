/** `contrast checkpoint` as users have it: real files, the real worker, a workspace of its own. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeSmallCheckpoint } from '../../support/small-checkpoint.ts';
import { openStudio, temporaryFolder, until } from '../../support/studio.ts';
import { stoppingAfter } from '../../support/worker-run.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const fixtures = join(process.env.CONTRAST_FIXTURES ?? join(root, 'test', 'fixtures'), 'checkpoints');
const patience = 300_000;

function start(...args: string[]) {
  return startWith({}, ...args);
}

function startWith(environment: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'bin', 'contrast.mjs'), 'checkpoint', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CONTRAST_WORKSPACE: undefined, ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code: code as number | null, stdout, stderr }),
  );
  return { child, ended };
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await start(...args, '--json', '--quiet').ended;
  return { code, stderr, said: JSON.parse(stdout) };
}

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Everything in a workspace's checkpoints but what is told of in other tests. */
const entries = (workspace: string) => {
  const folder = join(workspace, 'checkpoints');
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : [];
};

test(
  'a file is imported once, shown, verified, exported, and known when it comes back',
  async () => {
    const folder = temporaryFolder();
    const workspace = join(folder, 'workspace');
    const file = join(folder, 'mine.safetensors');
    await writeSmallCheckpoint(file, { arch: 'mobilenetv3_small', head: 'simple' });

    const first = await json('import', file, '--workspace', workspace, '--name', 'My net');
    expect(first).toMatchObject({
      code: 0,
      said: { arch: 'mobilenetv3_small', stem: 'small', layout: 'moco', existing: false },
    });
    expect(first.said).toMatchObject({ missing: [], unexpected: [], mismatched: [], name: 'My net', how: 'copied' });
    expect(first.said.matched.length).toBeGreaterThan(100);
    const { id, sha256 } = first.said;
    expect(entries(workspace)).toEqual(
      expect.arrayContaining([`${id}-my-net`, `${id}-my-net/import.json`, `${id}-my-net/mine.safetensors`]),
    );
    expect(hashOf(join(workspace, 'checkpoints', `${id}-my-net`, 'mine.safetensors'))).toBe(sha256);
    expect(hashOf(file)).toBe(sha256);

    const second = await json('import', file, '--workspace', workspace, '--link');
    expect(second.said).toMatchObject({ id, existing: true, name: 'My net' });
    expect(entries(workspace).filter((name) => name.endsWith('import.json'))).toHaveLength(1);

    const shown = await json(
      'show',
      id.slice(0, 6),
      '--tensor',
      'encoder_q.features.0.1.weight',
      '--workspace',
      workspace,
    );
    expect(shown.said.tensors).toContainEqual({
      name: 'encoder_q.features.0.0.weight',
      dtype: 'float32',
      shape: [16, 3, 3, 3],
    });
    expect(shown.said.tensor).toMatchObject({ count: 16, notANumber: 0 });
    expect(shown.said.tensor.histogram.reduce((sum: number, count: number) => sum + count, 0)).toBe(16);

    const target = join(folder, 'out.pth.tar');
    const exported = await json('export', id, target, '--workspace', workspace);
    expect(exported).toMatchObject({ code: 0, said: { target, format: 'reference', arch: 'mobilenetv3_small' } });
    const back = await json('import', target, '--workspace', workspace);
    expect(back.said).toMatchObject({ existing: false, arch: 'mobilenetv3_small', prefix: 'module.encoder_q.' });
    const studio = await openStudio(workspace, { runQueue: false });
    expect(studio.services.checkpoints.get(back.said.id)).toMatchObject({
      source: 'imported',
      epoch: 1,
      state: 'ok',
      lineage: { parent: { sha256, id, name: 'My net' } },
    });
  },
  patience,
);

describe('files that are none', () => {
  test.each(['malicious.pth.tar', 'truncated-legacy.pth.tar'])(
    '%s is code 3, and the workspace is as before',
    async (name) => {
      const workspace = join(temporaryFolder(), 'workspace');
      const { code, said, stderr } = await json('import', join(fixtures, name), '--workspace', workspace);
      expect({ code, error: said.error.code }).toEqual({ code: 3, error: 'checkpoint-invalid' });
      expect(stderr).toContain(name);
      expect(stderr).not.toContain('a-loader-ran-this\n');
      expect(entries(workspace)).toEqual([]);
      expect(readdirSync(join(workspace, 'cache', 'tasks'))).toEqual([]);
    },
    patience,
  );

  test(
    'an architecture that does not fit is code 3; one that there is not is code 2 with the nearest',
    async () => {
      const workspace = join(temporaryFolder(), 'workspace');
      const file = join(fixtures, 'plain-state-dict.pth');
      const [wrong, unknown] = await Promise.all([
        json('import', file, '--arch', 'resnet50', '--workspace', workspace),
        json('import', file, '--arch', 'resnet51', '--workspace', workspace),
      ]);
      expect(wrong).toMatchObject({
        code: 3,
        said: { error: { message: expect.stringContaining('conv1.weight is') } },
      });
      expect(unknown).toMatchObject({ code: 2, said: { error: { cure: expect.stringContaining('resnet50') } } });
      expect(entries(workspace)).toEqual([]);
    },
    patience,
  );
});

test(
  'a damaged file is told of by verify with both hashes, code 3, and refused where it is used',
  async () => {
    const workspace = join(temporaryFolder(), 'workspace');
    const linked = join(temporaryFolder(), 'linked.pth.tar');
    copyFileSync(join(fixtures, 'moco-tiny.pth.tar'), linked);
    const { id } = (await json('import', linked, '--link', '--workspace', workspace)).said;
    const file = await open(linked, 'r+');
    await file.write(Buffer.of(1, 2, 3), 0, 3, 4000);
    await file.close();

    const { code, said } = await json('verify', '--all', '--workspace', workspace);
    expect(code).toBe(3);
    const [verdict] = said.checked;
    expect(verdict).toMatchObject({ id, state: 'damaged', file: linked });
    expect(verdict.foundSha256).not.toBe(verdict.expectedSha256);
    // The index knows it from then on; the trash takes it and gives it back.
    const plain = async (...args: string[]) => (await start(...args, '--workspace', workspace).ended).stdout;
    expect(await plain('ls')).toMatch(new RegExp(`^${id} .* damaged `, 'm'));
    expect(await plain('rm', id)).toBe(`In the trash: ${id}\n`);
    expect(await plain('ls')).toBe('There are no such checkpoints.\n');
    expect(await plain('restore', id)).toContain(`Brought back:\n${id}`);

    const target = join(workspace, 'x.pth');
    const used = await json('export', id, target, '--format', 'backbone', '--workspace', workspace);
    expect(used).toMatchObject({ code: 3, said: { error: { message: expect.stringContaining(verdict.foundSha256) } } });
  },
  patience,
);

test(
  'killed in the middle, it leaves nothing that counts, and the next import clears it away',
  async () => {
    const folder = temporaryFolder();
    const workspace = join(folder, 'workspace');
    const incoming = join(workspace, 'checkpoints', '.incoming');
    // What a killed worker leaves: a folder with the name of a process that is gone, half a file in it.
    const left = join(incoming, `${2 ** 22 + 1}-00-abcdef`);
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'half.pth'), 'half');
    const file = join(folder, 'mine.safetensors');
    await writeSmallCheckpoint(file);

    // Its worker stands still in the middle of the copy.
    const copying = stoppingAfter(/"stage":"copying/);
    const { child, ended } = startWith(copying, 'import', file, '--workspace', workspace, '--quiet');
    const tasks = join(workspace, 'cache', 'tasks');
    const ofTask = (name: string) => join(tasks, readdirSync(tasks)[0]!, name);
    const isCopying = () => readFileSync(ofTask('events.jsonl'), 'utf8').includes('"stage":"copying');
    await until(() => existsSync(tasks) && readdirSync(tasks)[0] && existsSync(ofTask('events.jsonl')), 'the task');
    await until(isCopying, 'the copy');
    expect(readdirSync(incoming).some((name) => !left.endsWith(name))).toBe(true);
    const state = JSON.parse(readFileSync(ofTask('state.json'), 'utf8'));
    process.kill(state.pid, 'SIGKILL');
    await ended;
    expect(child.exitCode).not.toBe(0);
    expect(existsSync(left)).toBe(false);
    expect(readdirSync(join(workspace, 'checkpoints'))).toEqual(['.incoming']);

    const again = await json('import', join(fixtures, 'moco-tiny.pth.tar'), '--workspace', workspace);
    expect(again.code).toBe(0);
    expect(readdirSync(incoming)).toEqual([]);
  },
  patience,
);
