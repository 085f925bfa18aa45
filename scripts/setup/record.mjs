// What set-up leaves for the application: node_modules/.contrast/setup.json, described in docs/setup.md.
import path from 'node:path';
import { readJson } from './files.mjs';
import { stateFolder } from './paths.mjs';

export const recordFile = path.join(stateFolder, 'setup.json');

/** After this time a set-up that fell back to a lesser backend is tried again by itself. */
export const retryAfterMs = 60 * 60 * 1000;

export function readRecord() {
  const record = readJson(recordFile);
  return record?.format === 1 ? record : undefined;
}
