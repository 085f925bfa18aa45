// What set-up leaves for the application: node_modules/.contrast/setup.json, described in docs/setup.md.
import path from 'node:path';
import { readJson } from './files.mjs';
import { stateFolder } from './paths.mjs';

export const recordFile = path.join(stateFolder, 'setup.json');

export function readRecord() {
  const record = readJson(recordFile);
  return record?.format === 1 ? record : undefined;
}
