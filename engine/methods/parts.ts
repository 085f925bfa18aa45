/**
 * A batch that is computed in parts, one after another, for less memory. Each part holds whole groups of batch norm, so
 * that loss and gradients are those of the undivided batch; the optimizer takes one step, the queue takes the batch once.
 */
import { AppError } from '../../common/errors.ts';
import { type Random, randomAt } from '../random.ts';
import { type Tensor, tf } from '../tf.ts';

interface DivisionFields {
  bnSplits: number;
  /** Parts; absent: 1. */
  accumulate?: number | undefined;
}

/** Throws `config-invalid` where a batch of `count` images does not fill queue, batch-norm groups and parts evenly. */
export function checkBatch(
  count: number,
  { queueLength, bnSplits, accumulate = 1 }: DivisionFields & { queueLength: number },
): void {
  if (queueLength % count !== 0) {
    throw new AppError('config-invalid', `the queue length ${queueLength} is not a multiple of the batch of ${count}`, {
      field: 'queueLength',
      cure: `Take ${Math.max(1, Math.round(queueLength / count)) * count}, for example.`,
    });
  }
  if (count % bnSplits !== 0) {
    throw new AppError('config-invalid', `a batch of ${count} cannot be divided into ${bnSplits} equal groups`, {
      field: 'bnSplits',
      cure: 'Make the batch a multiple of the batch-norm groups.',
    });
  }
  if (count % accumulate !== 0) {
    throw new AppError('config-invalid', `a batch of ${count} cannot be divided into ${accumulate} equal parts`, {
      field: 'accumulate',
      cure: 'Make the batch a multiple of the parts in which it is computed.',
    });
  }
  if (bnSplits > 1 && bnSplits % accumulate !== 0) {
    throw new AppError('config-invalid', `${bnSplits} batch-norm groups cannot be divided among ${accumulate} parts`, {
      field: 'accumulate',
      cure: 'Make the groups a multiple of the parts.',
    });
  }
}

/** Into how many parts a batch is divided, and the groups of batch norm in each. */
export function division({ accumulate = 1, bnSplits }: DivisionFields) {
  return { parts: accumulate, groups: Math.max(1, bnSplits / accumulate) };
}

/** The rows of one part, the caller's to dispose. */
export function rowsOfPart<Rows extends Tensor>(rows: Rows, part: number, parts: number): Rows {
  if (parts === 1) return tf.clone(rows);
  const size = rows.shape[0]! / parts;
  return tf.slice(rows, part * size, size);
}

interface Draws {
  seed: number;
  epoch: number;
  step: number;
  dropout?: 'off' | undefined;
}

/** Each part has masks of its own; those of the first are the undivided batch's. */
export function dropoutOf({ dropout, seed, epoch, step }: Draws, name: string, part: number): Random | 'off' {
  return dropout ?? randomAt(seed, `dropout/${name}`, epoch, step, ...(part === 0 ? [] : [part]));
}

/** Consumes both. */
export function sumInto(sums: Tensor[], more: Tensor[]): Tensor[] {
  const added = sums.map((sum, at) => tf.add(sum, more[at]!));
  tf.dispose([sums, more]);
  return added;
}

/** Infinities and NaN survive a sum of sizes. */
export function allFinite(tensors: Tensor[]): boolean {
  const total = tf.tidy(() => tf.addN(tensors.map((tensor) => tf.sum(tf.abs(tensor)))).dataSync()[0]!);
  return Number.isFinite(total);
}
