import { AppError } from '../../common/errors.ts';
import type { Picture } from '../../engine/views/picture.ts';
import { createPipeline } from '../../engine/views/pipeline.ts';
import { readRowImage } from '../datasets/tsv.ts';
import { decodeImage, tuneDecoder } from '../images/decode.ts';
import { pairRandom, viewRandom } from './addresses.ts';
import { pathAt } from './path-table.ts';
import { cachedPicture, storePicture } from './picture-cache.ts';
import type { LoaderPlan, ThreadReport } from './plan.ts';
import { type BatchSlot, slotField, viewLength } from './slot.ts';

/**
 * The work of one loader thread: takes pictures of a batch, one at a time, as long as there are any. All threads work on
 * the same batch, so that one slow picture holds up nothing but itself.
 */
export function createBatchWorker(plan: LoaderPlan, report: (message: ThreadReport) => void) {
  const pipelines = plan.pipelines.map(createPipeline);
  tuneDecoder();

  return async function work(slotNumber: number): Promise<void> {
    const slot = plan.slots[slotNumber]!;
    for (;;) {
      // Counting down to zero (and not up to a size) lets a late thread find an ended batch ended, whatever comes next.
      const position = Atomics.sub(slot.control, slotField.untaken, 1) - 1;
      if (position < 0) return;
      try {
        await fill(slot, position);
      } catch (error) {
        const code = error instanceof AppError && error.code === 'data-invalid' ? 'data-invalid' : 'internal';
        report({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
      }
      if (Atomics.sub(slot.control, slotField.unfinished, 1) === 1) report({ type: 'done', slot: slotNumber });
    }
  };

  async function fill(slot: BatchSlot, position: number): Promise<void> {
    const epoch = slot.control[slotField.epoch]!;
    const found = await goodPicture(slot.indices[position]!);
    slot.indices[position] = found?.index ?? -1;
    if (!found) return;
    pipelines.forEach((pipeline, view) => {
      const random = viewRandom(plan.seed, epoch, found.index, view);
      const pair = pairRandom(plan.seed, epoch, found.index);
      pipeline(found.picture, random, slot.views[view]!, position * viewLength(plan.pipelines[view]!), pair);
    });
  }

  /** The picture, or the next good one in the order of the files: the same one whichever thread looks. */
  async function goodPicture(wanted: number): Promise<{ index: number; picture: Picture } | undefined> {
    const tries = plan.broken === 'replace' ? plan.length : 1;
    for (let step = 0; step < tries; step++) {
      const index = (wanted + step) % plan.length;
      const picture = await loadPicture(index);
      if (picture) return { index, picture };
    }
    if (plan.broken === 'skip') return undefined;
    throw new AppError('data-invalid', `All images are broken, e.g. ${pathAt(plan.paths, wanted)}.`);
  }

  async function loadPicture(index: number): Promise<Picture | undefined> {
    if (plan.brokenFlags[index] !== 0) return undefined;
    const cached = plan.cache && cachedPicture(plan.cache, index);
    if (cached) return cached;
    const path = pathAt(plan.paths, index);
    try {
      const row = readRowImage(path);
      const picture = await (row ? decodeImage(row.bytes, plan.decode, row.name) : decodeImage(path, plan.decode));
      Atomics.add(plan.decoded, 0, 1);
      if (plan.cache) storePicture(plan.cache, index, picture);
      return picture;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const first = Atomics.exchange(plan.brokenFlags, index, 1) === 0;
      if (first) report({ type: 'broken', index, path, reason: error.message });
      return undefined;
    }
  }
}
