import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packagesFit } from '../../scripts/setup/packages.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/only-on-windows': { version: '1.0.0', optional: true, os: ['win32'] },
  },
};

describe('packages fit the lock file', () => {
  test('when each is there in its version; an optional one of another platform may be absent', () => {
    expect(packagesFit(lock, { packages: { 'node_modules/zod': { version: '4.6.7' } } })).toBe(true);
  });

  test('not when one is missing, has another version, or npm never finished', () => {
    expect(packagesFit(lock, { packages: {} })).toBe(false);
    expect(packagesFit(lock, { packages: { 'node_modules/zod': { version: '4.6.6' } } })).toBe(false);
    expect(packagesFit(lock, undefined)).toBe(false);
  });

  test('not when an optional one is there in another version', () => {
    const installed = {
      'node_modules/zod': { version: '4.6.7' },
      'node_modules/only-on-windows': { version: '0.9.0' },
    };
    expect(packagesFit(lock, { packages: installed })).toBe(false);
  });
});

// A registry that lacks some platforms' packages makes npm leave them out of the lock file, and then refuse it:
// "npm ci can only install packages when your package.json and package-lock.json are in sync". Each optional
// dependency must be named, with its version and platform.
test('npm ci accepts the lock file: it names every optional dependency, also those of other platforms', () => {
  const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
  const missing = Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isNamed(packages, where, name))
      .map((name) => `${name} (of ${where || 'package.json'})`),
  );
  expect(missing).toEqual([]);
});

/** As Node looks a package up: beside, then further out. */
function isNamed(packages, where, name) {
  for (let folder = where; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]?.version) return true;
    if (!folder.includes('/node_modules/')) return packages[`node_modules/${name}`]?.version !== undefined;
  }
}
