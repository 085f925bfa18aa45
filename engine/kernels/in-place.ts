/**
 * Updates of long-lived tensors. Each takes tensors over: what is passed as `owned` is disposed or reused, and what
 * comes back (kept, safe from any tidy) stands in its place. On the native backend the memory itself is reused:
 * with 11 million parameters the passes over memory are what an update costs.
 */
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../tf.ts';
import { attribute, float32, isNative, run, runSingle } from './native.ts';

export interface MomentumOptions {
  learningRate: number;
  momentum: number;
  weightDecay: number;
}

/** buffer <- momentum buffer + gradient + decay parameter; parameter <- parameter - rate buffer. */
export function applyMomentum(
  owned: { parameter: Tensor; buffer: Tensor },
  gradient: Tensor,
  options: MomentumOptions,
): { parameter: Tensor; buffer: Tensor } {
  const { learningRate, momentum, weightDecay } = options;
  if (!isNative() || momentum === 0) return applyMomentumByParts(owned, gradient, options);
  return tf.tidy(() => {
    const buffer = adopt(owned.buffer, 'buffer');
    if (weightDecay !== 0) {
      // Folded in before the buffer is multiplied by the momentum, therefore divided by it.
      run('ResourceApplyGradientDescent', inPlace, [buffer, tf.scalar(-weightDecay / momentum), owned.parameter], 0);
    }
    const parameter = adopt(owned.parameter, 'parameter');
    const attributes = [...inPlace, attribute.bool('use_nesterov', false)];
    const inputs = [parameter, buffer, tf.scalar(learningRate), gradient, tf.scalar(momentum)];
    run('ResourceApplyMomentum', attributes, inputs, 0);
    return { parameter: release(parameter), buffer: release(buffer) };
  });
}

function applyMomentumByParts(
  owned: { parameter: Tensor; buffer: Tensor },
  gradient: Tensor,
  { learningRate, momentum, weightDecay }: MomentumOptions,
) {
  const updated = tf.tidy(() => {
    const decayed = tf.add(gradient, tf.mul(owned.parameter, weightDecay));
    const buffer = tf.keep(tf.add(tf.mul(owned.buffer, momentum), decayed));
    return { buffer, parameter: tf.keep(tf.sub(owned.parameter, tf.mul(buffer, learningRate))) };
  });
  tf.dispose([owned.parameter, owned.buffer]);
  return updated;
}

/** owned <- rate owned + (1 - rate) target. */
export function moveTowards(owned: Tensor, target: Tensor, rate: number): Tensor {
  return tf.tidy(() => {
    const difference = tf.sub(owned, target);
    if (isNative()) return subtractScaled(owned, difference, 1 - rate);
    const moved = tf.keep(tf.sub(owned, tf.mul(difference, 1 - rate)));
    owned.dispose();
    return moved;
  });
}

/** owned <- owned - scale amount. */
function subtractScaled(owned: Tensor, amount: Tensor, scale: number): Tensor {
  const variable = adopt(owned, 'parameter');
  run('ResourceApplyGradientDescent', inPlace, [variable, tf.scalar(scale), amount], 0);
  return release(variable);
}

/** owned [rows, d] with the rows from `first` on replaced by `values` [n, d]. */
export function replaceRows(owned: Tensor2D, first: number, values: Tensor2D): Tensor2D {
  const updated = tf.tidy(() => {
    const [count] = values.shape;
    const rows = tf.range(first, first + count, 1, 'int32') as Tensor1D;
    if (isNative()) return tf.keep(runSingle<Tensor2D>('InplaceUpdate', [float32], [owned, rows, values]));
    const [total, width] = owned.shape;
    const before = tf.slice(owned, [0, 0], [first, width]);
    const after = tf.slice(owned, [first + count, 0], [total - first - count, width]);
    return tf.keep(tf.concat([before, values, after].filter((part) => part.shape[0] > 0)));
  });
  owned.dispose();
  return updated;
}

const inPlace = [float32, attribute.bool('use_locking', false)];
const resourceType = attribute.type('dtype', 'float32');

/**
 * A resource variable that has taken the tensor's memory over without a copy; the tensor is disposed. Resource
 * operations write in place as long as nobody else holds the memory. Variables alive at once need different slots;
 * the names are few because TensorFlow keeps a compiled operation for each.
 */
function adopt(owned: Tensor, slot: 'parameter' | 'buffer'): Tensor {
  const attributes = [
    resourceType,
    attribute.shape('shape', owned.shape),
    attribute.string('container', ''),
    attribute.string('shared_name', slot),
  ];
  const variable = runSingle('VarHandleOp', attributes, []);
  run('AssignVariableOp', [resourceType], [variable, owned], 0);
  owned.dispose();
  return variable;
}

/** The variable's memory as a tensor again; the variable is gone. */
function release(variable: Tensor): Tensor {
  const tensor = runSingle('ReadVariableOp', [resourceType], [variable]);
  run('DestroyResourceOp', [attribute.bool('ignore_lookup_error', false)], [variable], 0);
  return tf.keep(tensor);
}
