/** What a sliding window meets, for kernels that are put together from simple operations. */
import { type Tensor4D, tf } from '../tf.ts';

export interface WindowPlace {
  /** A place inside of the window. */
  top: number;
  left: number;
  stride: number;
  /** Number of window positions, down and across. */
  rows: number;
  columns: number;
}

/** The pixels that one place of the window lies on as it slides over x: [n, rows, columns, c]. */
export function pixelsUnder(x: Tensor4D, { top, left, stride, rows, columns }: WindowPlace): Tensor4D {
  const [batch, , , channels] = x.shape;
  const bottom = top + (rows - 1) * stride + 1;
  const right = left + (columns - 1) * stride + 1;
  return tf.stridedSlice(x, [0, top, left, 0], [batch, bottom, right, channels], [1, stride, stride, 1]) as Tensor4D;
}

/** Puts stride - 1 zeros after each pixel, in both directions: [n, h, w, c] -> [n, h stride, w stride, c]. */
export function spreadPixels(x: Tensor4D, stride: number): Tensor4D {
  if (stride === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const more = stride - 1;
  // As rows of numbers: zeros go in by padding only the last dimension.
  const padEnd = (rows: tf.Tensor3D, zeros: number) =>
    tf.pad(rows, [
      [0, 0],
      [0, 0],
      [0, zeros],
    ]);
  const wide = padEnd(tf.reshape(x, [batch * height, width, channels]), more * channels);
  const tall = padEnd(tf.reshape(wide, [batch, height, width * stride * channels]), more * width * stride * channels);
  return tf.reshape(tall, [batch, height * stride, width * stride, channels]);
}
