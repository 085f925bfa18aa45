import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { listDataset } from '../../engine/datasets/list.ts';
import { type DemoPlan, demoVersion, splitsOf } from './demo-plan.ts';
import { type Artist, trainingArtists, unseenArtist } from './emoji-art.ts';
import { fingerprintDataset } from './fingerprint.ts';
import { diskReader } from './folder-reader.ts';

const recordName = 'contrast-studio-demo';

/** `dataset.json` of a demo dataset: what it is, and how to tell that it is still all there. */
export interface DemoRecord {
  name: typeof recordName;
  version: number;
  plan: DemoPlan;
  images: number;
  sizeBytes: number;
  /** SHA-256 of all pixels in the order of the plan, the same wherever the dataset is made. */
  pixelsSha256: string;
  /** SHA-256 of each split's paths and sizes, see `fingerprintDataset`. */
  fingerprints: Record<string, string>;
  artists: { training: readonly Artist[]; unseen: Artist };
}

/** Describes the finished dataset in `folder`. */
export async function recordDemo(folder: string, plan: DemoPlan, pixelsSha256: string): Promise<DemoRecord> {
  const record: DemoRecord = {
    name: recordName,
    version: demoVersion,
    plan,
    images: 0,
    sizeBytes: 0,
    pixelsSha256,
    fingerprints: {},
    artists: { training: trainingArtists, unseen: unseenArtist },
  };
  for (const { name } of splitsOf(plan)) {
    const fingerprint = await fingerprintSplit(folder, name);
    record.images += fingerprint.files;
    record.sizeBytes += fingerprint.sizeBytes;
    record.fingerprints[name] = fingerprint.sha256;
  }
  return record;
}

/** The record of a folder, undefined where it is no demo dataset. */
export async function readDemoRecord(folder: string): Promise<DemoRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, 'dataset.json'), 'utf8'));
    return record.name === recordName ? record : undefined;
  } catch {
    return undefined; // no such file, or someone else's: either way no demo dataset
  }
}

/** How the demo dataset in `folder` differs from the planned one, in words that follow "a demo dataset that". */
export async function differenceFromPlan(
  folder: string,
  record: DemoRecord,
  plan: DemoPlan,
): Promise<string | undefined> {
  if (record.version !== demoVersion) return `is of version ${record.version}, not ${demoVersion}`;
  if (record.plan.seed !== plan.seed) return `was made from seed ${record.plan.seed}, not ${plan.seed}`;
  if (!isDeepStrictEqual(record.plan, plan)) return 'was made to another plan';
  for (const { name } of splitsOf(plan)) {
    // A split that cannot be listed any more has changed as well.
    const fingerprint = await fingerprintSplit(folder, name).catch(() => undefined);
    if (fingerprint?.sha256 !== record.fingerprints[name]) return `was changed: ${name}/ is not as it was made`;
  }
  return undefined;
}

async function fingerprintSplit(folder: string, split: string) {
  const { files } = await listDataset(folder, diskReader, { split });
  return fingerprintDataset(folder, files);
}
