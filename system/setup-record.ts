/** What set-up (scripts/) left for the application; written by scripts/setup/native.mjs, described in docs/setup.md. */
import { readFileSync } from 'node:fs';

export interface SetupRecord {
  format: 1;
  /** When it was made, ISO-8601. */
  madeAt: string;
  /** e.g. "linux-x64". */
  platform: string;
  /** The best that this machine could have. */
  wanted: 'gpu' | 'cpu' | 'none';
  /** The native backend that was set up; with "none" the wasm backend is used. */
  variant: 'gpu' | 'cpu' | 'none';
  /** Where libtensorflow comes from: Python's wheel, or tfjs-node-gpu's own published build. */
  source: 'wheel' | 'published' | null;
  tfjs: string;
  tensorflow: string | null;
  /** The unpacked wheel in the cache. */
  libraryFolder: string | null;
  /** Goes in front of LD_LIBRARY_PATH when a worker is started (CUDA is found through it). */
  libraryPaths: string[];
  /** Why it is not a better backend, and what to do about it; both null when it is the best for this machine. */
  reason: string | null;
  cure: string | null;
}

const recordFile = new URL('../node_modules/.contrast/setup.json', import.meta.url);

/** The record, or undefined where set-up has not run. */
export function readSetup(): SetupRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile, 'utf8')) as SetupRecord;
  } catch {
    return undefined; // missing: the packages were installed by hand
  }
}
