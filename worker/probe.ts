/**
 * What this machine can compute with, tried out in a process of its own: a broken native library crashes this one and
 * nothing else. `node worker/probe.ts [device]` prints one JSON object.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { asAppError } from '../common/errors.ts';
import type { ProbeResult } from '../common/system.ts';
import { tf } from '../engine/tf.ts';
import { type DeviceRequest, openBackend } from './backends.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const device = (positionals[0] ?? 'auto') as DeviceRequest;
console.log(JSON.stringify(await probe(device)));

async function probe(device: DeviceRequest): Promise<ProbeResult> {
  try {
    const { name, device: opened, versions, note } = await openBackend(device);
    multiplySmall();
    return {
      ok: true,
      backend: name,
      device: opened,
      versions,
      note,
      gigaflops: await speed(),
      images: await tryImages(),
    };
  } catch (thrown) {
    const { message, cure } = asAppError(thrown);
    return { ok: false, message, cure };
  }
}

/** Against numbers worked out by hand: [[1, 2], [3, 4]] times itself. */
function multiplySmall(): void {
  const product = tf.tidy(() => {
    const matrix = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    return [...tf.matMul(matrix, matrix).dataSync()];
  });
  if (product.join() !== '7,10,15,22') throw new Error(`The backend multiplies wrongly: ${product.join(' ')}.`);
}

/** Of a product of two 512 x 512 matrices: 2 x 512^3 operations, the best of five. */
async function speed(): Promise<number> {
  const side = 512;
  const matrix = tf.fill([side, side], 0.5);
  let bestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    const product = tf.matMul(matrix, matrix);
    await product.data();
    product.dispose();
    bestMs = Math.min(bestMs, performance.now() - start);
  }
  matrix.dispose();
  return (2 * side ** 3) / (bestMs * 1e6);
}

/** Whether the image library loads and gives back what it was given. @returns null when it does, else why not */
async function tryImages(): Promise<string | null> {
  try {
    const { default: sharp } = await import('sharp');
    const raw = { width: 2, height: 2, channels: 3 } as const;
    const pixels = randomBytes(12);
    const png = await sharp(pixels, { raw }).png().toBuffer();
    return (await sharp(png).raw().toBuffer()).equals(pixels)
      ? null
      : 'a picture was not the same after reading it back';
  } catch (error) {
    return (error as Error).message;
  }
}
