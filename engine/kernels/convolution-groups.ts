/** Grouped convolution where only a plain one can be had: one for each group. */
import { type Tensor4D, tf } from '../tf.ts';
import type { Implementation } from './convolution.ts';
import { attribute, channelsLast, float32, runSingle, shapeTensor } from './native.ts';

/** An implementation for filters [k, k, in / groups, out] from one for a single group. */
export function byGroup({ forward, inputGradient, filterGradient }: Implementation): Implementation {
  return {
    forward(x, filter, options) {
      const filters = channelParts(filter, x.shape[3] / filter.shape[2]);
      return joined(channelParts(x, filters.length).map((part, index) => forward(part, filters[index]!, options)));
    },
    inputGradient([batch, height, width, inputs], filter, dy, options) {
      const each = filter.shape[2];
      const filters = channelParts(filter, inputs / each);
      const parts = channelParts(dy, filters.length);
      return joined(
        parts.map((part, index) => inputGradient([batch, height, width, each], filters[index]!, part, options)),
      );
    },
    filterGradient(x, [height, width, each, outputs], dy, options) {
      const inputs = channelParts(x, x.shape[3] / each);
      const parts = channelParts(dy, inputs.length);
      return joined(
        parts.map((part, index) =>
          filterGradient(inputs[index]!, [height, width, each, outputs / inputs.length], part, options),
        ),
      );
    },
  };
}

const channelParts = (x: Tensor4D, groups: number) => tf.split(x, groups, 3) as Tensor4D[];
const joined = (parts: Tensor4D[]) => tf.concat(parts, 3) as Tensor4D;

/** By backend; found out once, by the gradient of two numbers. */
const grouped = new WeakMap<object, boolean>();

/** Whether the native backend has gradients of grouped convolutions: on the CPU only by oneDNN. */
export function canDifferentiateGroups(): boolean {
  const backend = tf.backend();
  const found = grouped.get(backend) ?? tf.tidy(tryGroups);
  grouped.set(backend, found);
  return found;
}

function tryGroups(): boolean {
  const attributes = [
    float32,
    channelsLast,
    attribute.int('strides', [1, 1, 1, 1]),
    attribute.string('padding', 'VALID'),
  ];
  const filter = tf.zeros([1, 1, 1, 2]);
  try {
    runSingle('Conv2DBackpropInput', attributes, [shapeTensor([1, 1, 1, 2]), filter, tf.zeros([1, 1, 1, 2])]);
    return true;
  } catch {
    return false;
  }
}
