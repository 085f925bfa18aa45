/** What is said when a training step does not fit the memory of its device: the largest batch that does. */
import { AppError } from '../common/errors.ts';
import type { JobContext } from './job.ts';

/** TensorFlow's status 8 (native, with its text or without), JavaScript's buffers, wasm's memory. */
const signs =
  /OOM when allocating|failed to allocate|RESOURCE_EXHAUSTED|Invalid TF_Status: 8|bad_alloc|array buffer allocation failed|invalid typed array length|out of memory|cannot enlarge memory|Memory\.grow|memory access out of bounds|\(OOM\)/i;

export function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof Error && !(thrown instanceof AppError) && signs.test(thrown.message);
}

/** Batches that are tried in turn: halves that hold two images of each group at least. */
export function smallerBatches(batchSize: number, bnSplits: number): number[] {
  const sizes: number[] = [];
  for (let size = Math.floor(batchSize / 2); size >= 2 * bnSplits; size = Math.floor(size / 2)) {
    const fitting = size - (size % bnSplits);
    if (fitting !== sizes.at(-1)) sizes.push(fitting);
  }
  return sizes;
}

interface Trial {
  batchSize: number;
  bnSplits: number;
  /**
   * One step on so many images and a state of its own; throws as the real one does. Absent where nothing can be tried
   * any more: wasm's memory is spoilt once it has run out.
   */
  tryStep: ((batchSize: number) => void) | undefined;
}

/** Finds by trying, on the device that ran out; where TensorFlow on the CPU does, it ends the whole process instead. */
export function outOfMemory(
  cause: unknown,
  { batchSize, bnSplits, tryStep }: Trial,
  report: JobContext['report'],
): AppError {
  const sizes = tryStep ? smallerBatches(batchSize, bnSplits) : [];
  const fitting = sizes.find((size, at) => {
    report({ type: 'progress', stage: `trying a batch of ${size}`, done: at, total: sizes.length });
    return fits(size, tryStep!);
  });
  const parts = fitting === undefined ? 0 : batchSize / fitting;
  const whole = Number.isInteger(parts) && bnSplits % parts === 0;
  return new AppError('out-of-memory', `A batch of ${batchSize} does not fit the memory of the device.`, {
    field: 'batchSize',
    cause,
    cure:
      tryStep === undefined
        ? `A batch of ${Math.floor(batchSize / 2)} takes about half as much; so does --accumulate 2.`
        : fitting === undefined
          ? 'Take smaller images, a smaller net or a shorter queue.'
          : `A batch of ${fitting} was tried and fits${whole ? `: take it, or keep ${batchSize} and compute it in parts with --accumulate ${parts}` : ''}.`,
  });
}

function fits(size: number, tryStep: (batchSize: number) => void): boolean {
  try {
    tryStep(size);
    return true;
  } catch (thrown) {
    if (isOutOfMemory(thrown)) return false;
    throw thrown;
  }
}
