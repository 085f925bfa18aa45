import type { PipelineConfig } from '../../engine/views/pipeline.ts';
import type { DecodeMode } from '../images/decode.ts';
import type { PathTable } from './path-table.ts';
import type { PictureCache } from './picture-cache.ts';
import type { BatchSlot } from './slot.ts';

/** All that the threads of a loader share: settings, and memory that every one of them sees. */
export interface LoaderPlan {
  paths: PathTable;
  length: number;
  pipelines: PipelineConfig[];
  decode: DecodeMode;
  seed: number;
  /** What stands in for a broken picture: the next good one of the data set, or nothing. */
  broken: 'replace' | 'skip';
  slots: BatchSlot[];
  cache: PictureCache | undefined;
  /** 1 for each picture that turned out broken. [length] */
  brokenFlags: Uint8Array;
  /** One number: pictures decoded so far. */
  decoded: Int32Array;
}

export type ThreadReport =
  | { type: 'done'; slot: number }
  | { type: 'broken'; index: number; path: string; reason: string }
  | { type: 'failed'; code: 'data-invalid' | 'internal'; message: string };

/** To a thread: a slot has work; or: no more will come. */
export type ThreadOrder = { type: 'work'; slot: number } | { type: 'end' };
