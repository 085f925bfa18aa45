/** Bundles that are damaged or made to deceive: each is refused for its reason, and the workspace is as it was. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { type CraftedEntry, craftZip } from '../../support/crafted-zip.ts';
import { runJob } from '../../support/job-run.ts';

const id = 'abcdefgh';
const folder = `20260101-000000-x-${id}`;
const config = {
  ...{ id, kind: 'train', name: 'x', createdAt: '2026-01-01T00:00:00.000Z', recipe: null, parent: null },
  config: { seed: 1 },
};
const files = {
  'config.json': JSON.stringify(config),
  'events.jsonl': `${JSON.stringify({ seq: 0, time: config.createdAt, type: 'ended', state: 'finished' })}\n`,
};

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

interface Bundle {
  /** Path in the run's folder to what it holds. */
  files?: Record<string, string>;
  run?: object;
  /** More runs of its list. */
  more?: object[];
  entries?: (entries: CraftedEntry[]) => CraftedEntry[];
}

function bundle({ files: held = files, run = {}, more = [], entries = (all) => all }: Bundle = {}): Buffer {
  const listed = Object.entries(held).map(([path, text]) => {
    return { path, sizeBytes: Buffer.byteLength(text), sha256: sha256(text) };
  });
  const one = { id, name: 'x', kind: 'train', folder, files: listed, ...run };
  const list = { format: 'contrast-bundle', version: 1, runs: [one, ...more] };
  const all = Object.entries(held).map(([path, text]) => ({ name: `${folder}/${path}`, bytes: Buffer.from(text) }));
  return craftZip(entries([{ name: 'bundle.json', bytes: Buffer.from(JSON.stringify(list)) }, ...all]));
}

/** Changes the entry of a name. */
const changed =
  (name: string, change: Partial<CraftedEntry>) =>
  (all: CraftedEntry[]): CraftedEntry[] =>
    all.map((entry) => (String(entry.name).endsWith(name) ? { ...entry, ...change } : entry));

const bring = (root: string, bytes: Buffer) => {
  const source = join(root, 'evil.zip');
  writeFileSync(source, bytes);
  return runJob('run-import', join(root, 'task'), { source, into: join(root, 'other', 'runs') });
};

function place(): string {
  const root = mkdtempSync(join(tmpdir(), 'contrast-hostile-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'other', 'runs'), { recursive: true });
  return root;
}

const zeros = Buffer.alloc(4 << 20);
const both = { bytes: true, local: true, central: true };
const event = (more: object) => `${JSON.stringify({ seq: 0, time: config.createdAt, ...more })}\n`;
const outside = { type: 'checkpoint', epoch: 1, step: 1, path: '/etc/passwd', sizeBytes: 1, sha256: 'x' };

test.each<[string, Bundle | Buffer, RegExp]>([
  ['a compressed entry', { entries: changed('events.jsonl', { deflated: both }) }, /events\.jsonl" is compressed/],
  [
    'an entry that only its own header calls compressed',
    { entries: changed('events.jsonl', { deflated: { bytes: false, local: true, central: false } }) },
    /events\.jsonl" to be stored, but its header says compressed/,
  ],
  [
    'compressed bytes that are declared as stored',
    { entries: changed('events.jsonl', { deflated: { bytes: true, local: false, central: false } }) },
    /expected one size for .*events\.jsonl", found two/,
  ],
  [
    'a small entry that unpacks to a large one',
    { files: { ...files, bomb: zeros.toString() }, entries: changed('bomb', { deflated: both }) },
    /bomb" is compressed/,
  ],
  ['a compressed list', { entries: changed('bundle.json', { deflated: both }) }, /bundle\.json" is compressed/],
  ['no list', { entries: ([, ...rest]) => rest }, /no bundle of runs: it has no bundle\.json/],
  [
    'a list with a changed byte',
    Buffer.from(bundle().toString('latin1').replace('"name":"x"', '"name":"y"'), 'latin1'),
    /bundle\.json" to have the CRC-32/,
  ],
  ['an entry too few', { entries: (all) => all.slice(0, -1) }, /events\.jsonl" is listed, but not in it/],
  [
    'an entry too many',
    { entries: (all) => [...all, { name: 'more', bytes: Buffer.from('x') }] },
    /holds "more", which its list does not name/,
  ],
  ['a size too small', { entries: changed('events.jsonl', { sizeBytes: 3 }) }, /should have \d+ bytes, but has 3/],
  ['a size beyond the file', { entries: changed('events.jsonl', { sizeBytes: 2 ** 31 }) }, /to fit into the file/],
  [
    'a size beyond what 32 bits say',
    { entries: changed('events.jsonl', { sizeBytes: 2 ** 32 - 1 }) },
    /to fit into the file/,
  ],
  [
    'a size too small that the list repeats',
    {
      run: {
        files: Object.entries(files).map(([path, text]) => ({ path, sizeBytes: 3, sha256: sha256(text) })),
      },
      entries: (all) => all.map((entry, at) => (at === 0 ? entry : { ...entry, sizeBytes: 3 })),
    },
    /config\.json is damaged: expected SHA-256/,
  ],
  [
    'other bytes of the same size',
    { entries: changed('events.jsonl', { bytes: Buffer.from(files['events.jsonl'].replace('finished', 'finishes')) }) },
    /events\.jsonl is damaged: expected SHA-256/,
  ],
  ...['../outside', 'a/../../outside', '/outside', 'a\\b', 'c:evil', 'c:/evil', 'nul', 'control.json'].map(
    (path): [string, Bundle, RegExp] => [`the path ${path}`, { files: { ...files, [path]: 'x' } }, /is refused/],
  ),
  ['a run folder that climbs', { run: { folder: `../x-${id}` } }, /is no name of a run folder/],
  ['a symbolic link', { files: { ...files, l: '/etc/passwd' }, entries: changed('/l', { link: true }) }, /is a link/],
  ['two entries of one name', { entries: (all) => [...all, all.at(-1)!] }, /each name once, found/],
  ['two names that differ by case', { files: { ...files, A: '1', a: '2' } }, /is named twice/],
  ['two ways to write an accent', { files: { ...files, '\u00e9': '1', 'e\u0301': '2' } }, /is named twice/],
  ['a file that is a folder, too', { files: { ...files, a: '1', 'a/b': '2' } }, /named as a file and as a folder/],
  [
    'a name that is no UTF-8',
    { entries: (all) => [...all, { name: Buffer.from('61ff62', 'hex'), bytes: Buffer.from('x') }] },
    /expected names in UTF-8/,
  ],
  ['a run twice', { more: [{ id, name: 'x', kind: 'train', folder: `y-${id}`, files: [] }] }, /has run abcdefgh twice/],
  ['a run without its config', { files: { 'events.jsonl': files['events.jsonl'] } }, /has no config\.json/],
  ['a config that is none', { files: { ...files, 'config.json': '{' } }, /config\.json of abcdefgh is not its own/],
  [
    'a checkpoint elsewhere',
    { files: { ...files, 'events.jsonl': event(outside) } },
    /names a checkpoint outside of its folder/,
  ],
  [
    'a folder elsewhere for checkpoints',
    { files: { ...files, 'config.json': JSON.stringify({ ...config, config: { checkpointFolder: '/home' } }) } },
    /keeps its checkpoints outside/,
  ],
  ['half of it', bundle().subarray(0, 400), /the file is cut/],
  ['all but its last byte', bundle().subarray(0, -1), /the file is cut/],
  ['nothing', Buffer.alloc(0), /evil\.zip/],
])('%s is refused', async (_what, made, reason) => {
  const root = place();
  const refused = bring(root, Buffer.isBuffer(made) ? made : bundle(made));
  const thrown = await refused.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject({ code: 'data-invalid', message: expect.stringMatching(reason) });
  expect((thrown as AppError).cure).toBeTruthy();
  expect(readdirSync(join(root, 'other'), { recursive: true })).toEqual(['runs']);
});

test.each([
  ['events', { ...files, 'events.jsonl': event({ type: 'ended', state: 'failed' }) }],
  ['settings', { ...files, 'config.json': JSON.stringify({ ...config, config: { seed: 2 } }) }],
])('a run that is here with other %s is a conflict, and stays', async (what, held) => {
  const root = place();
  await bring(root, bundle());
  const here = join(root, 'other', 'runs', folder);
  await expect(bring(root, bundle({ files: held }))).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`with other ${what}`),
  });
  for (const [path, text] of Object.entries(files)) expect(readFileSync(join(here, path), 'utf8')).toBe(text);
  expect(readdirSync(join(root, 'other', 'runs'))).toEqual([folder]);
});
