import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFile } from '../../../main/web/files.ts';

let outside: string;
let folder: string;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'contrast-files-'));
  folder = join(outside, 'run');
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  mkdirSync(join(outside, 'run-2'));
  writeFileSync(join(outside, 'run-2', 'secret.txt'), 'of a folder whose name begins the same');
  writeFileSync(join(folder, 'checkpoints', 'a b%.safetensors'), 'bytes');
  writeFileSync(join(folder, 'page.html'), '<script>alert(1)</script>');
  symlinkSync('../secret.txt', join(folder, 'link.txt'));
  symlinkSync('..', join(folder, 'up'));
  symlinkSync('checkpoints', join(folder, 'inside'));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const find = (path: string, documents = false) => findFile(folder, path.split('/'), { documents });

describe('findFile', () => {
  test('finds files by their encoded names, also through links that stay inside', async () => {
    const direct = await find('checkpoints/a%20b%25.safetensors');
    expect(direct).toMatchObject({ sizeBytes: 5, contentType: 'application/octet-stream' });
    expect((await find('inside/a%20b%25.safetensors'))?.path).toBe(direct?.path);
  });

  test.each([
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '..\\secret.txt',
    '..%5csecret.txt',
    'checkpoints/../../secret.txt',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    '../run-2/secret.txt',
    'link.txt',
    'up/secret.txt',
    'up/run-2/secret.txt',
    'link.txt%00.png',
    '%',
    '%ff',
    '',
    '.',
    'checkpoints',
    'page.html/x',
    `${'a'.repeat(5000)}`,
  ])('finds nothing for %j', async (path) => {
    expect(await find(path)).toBeNull();
  });

  test('a document is one only where it comes from the build', async () => {
    expect((await find('page.html'))?.contentType).toBe('application/octet-stream');
    expect((await find('page.html', true))?.contentType).toBe('text/html; charset=utf-8');
  });
});
