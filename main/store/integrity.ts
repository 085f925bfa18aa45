/** Looks through a large database in a thread, beside the work on it; the next start acts on what was found. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const noteOf = (file: string) => `${file}.is-damaged`;

export function wasFoundDamaged(file: string): boolean {
  return existsSync(noteOf(file));
}

export function forgetDamage(file: string) {
  rmSync(noteOf(file), { force: true });
}

/** A file of its own would be one more entry of every build. */
const lookThrough = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { createRequire } = require('node:module');
  const Sqlite = createRequire(workerData.from)('better-sqlite3');
  let verdict;
  try {
    const sqlite = new Sqlite(workerData.file, { readonly: true });
    verdict = sqlite.pragma('quick_check(1)', { simple: true });
    sqlite.close();
  } catch (error) {
    verdict = error.code.startsWith('SQLITE_CORRUPT') ? error.message : 'ok';
  }
  parentPort.postMessage(verdict);
`;

/** `onDamage` is told once at most. The returned function ends the check. */
export function checkBeside(file: string, onDamage: (verdict: string) => void): () => Promise<void> {
  const thread = new Worker(lookThrough, { eval: true, workerData: { file, from: import.meta.url } });
  thread.on('message', (verdict: string) => {
    if (verdict === 'ok') return;
    writeFileSync(noteOf(file), verdict);
    onDamage(verdict);
  });
  thread.on('error', () => {}); // no verdict is not a bad one
  thread.unref();
  return async () => {
    await thread.terminate();
  };
}
