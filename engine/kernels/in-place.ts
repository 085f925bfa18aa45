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

/**
 * buffer <- momentum buffer + gradient + decay parameter; parameter <- parameter - rate buffer; for each of the
 * tensors, in their order.
 */
export function applyMomentum(
  owned: { parameters: Tensor[]; buffers: Tensor[] },
  gradients: Tensor[],
  options: MomentumOptions,
): { parameters: Tensor[]; buffers: Tensor[] } {
  const parameters: Tensor[] = [];
  const buffers: Tensor[] = [];
  const { vectors, others } = partition(owned.parameters);
  const inPlaceToo = isNative() && options.momentum > 0;
  for (const index of others) {
    const [parameter, buffer] = [owned.parameters[index]!, owned.buffers[index]!];
    const update = inPlaceToo ? momentumInPlace : momentumByParts;
    const updated = update(parameter, buffer, gradients[index]!, options);
    [parameters[index], buffers[index]] = updated.map((tensor) => tf.keep(tensor)) as [Tensor, Tensor];
    tf.dispose([parameter, buffer]);
  }
  const together = (tensors: Tensor[]) => vectors.map((index) => tensors[index] as Tensor1D);
  const joined = [owned.parameters, owned.buffers, gradients].map(together);
  const updated = updateJoined(joined, ([parameter, buffer, gradient]) =>
    momentumByParts(parameter!, buffer!, gradient!, options),
  );
  for (const [at, index] of vectors.entries()) {
    parameters[index] = updated[0]![at]!;
    buffers[index] = updated[1]![at]!;
  }
  tf.dispose([joined[0]!, joined[1]!]);
  return { parameters, buffers };
}

/** Each of owned <- rate owned + (1 - rate) target. */
export function moveTowards(owned: Tensor[], targets: Tensor[], rate: number): Tensor[] {
  const moved: Tensor[] = [];
  const { vectors, others } = partition(owned);
  for (const index of others) {
    moved[index] = tf.tidy(() => {
      const difference = tf.sub(owned[index]!, targets[index]!);
      return subtractScaled(owned[index]!, difference, 1 - rate);
    });
  }
  const joined = [owned, targets].map((tensors) => vectors.map((index) => tensors[index] as Tensor1D));
  const [together] = updateJoined(joined, ([from, to]) => [tf.sub(from!, tf.mul(tf.sub(from!, to!), 1 - rate))]);
  for (const [at, index] of vectors.entries()) moved[index] = together![at]!;
  tf.dispose(joined[0]!);
  return moved;
}

/**
 * Indices of vectors (biases, scales of norms) and of everything else. A net has many vectors of a few hundred
 * numbers; updated one by one they cost a call each, joined they cost nothing.
 */
function partition(tensors: Tensor[]) {
  const indices = tensors.map((_, index) => index);
  return {
    vectors: indices.filter((index) => tensors[index]!.rank === 1),
    others: indices.filter((index) => tensors[index]!.rank !== 1),
  };
}

/** Joins each list of vectors end to end, computes, and cuts each result as the lists were: kept tensors. */
function updateJoined(lists: Tensor1D[][], compute: (joined: Tensor1D[]) => Tensor[]): Tensor[][] {
  const sizes = lists[0]!.map((vector) => vector.size);
  if (sizes.length === 0) return lists.map(() => []);
  return tf.tidy(() =>
    compute(lists.map((vectors) => tf.concat1d(vectors))).map((result) =>
      tf.split(result as Tensor1D, sizes).map((part) => tf.keep(part)),
    ),
  );
}

function momentumInPlace(
  parameter: Tensor,
  buffer: Tensor,
  gradient: Tensor,
  { learningRate, momentum, weightDecay }: MomentumOptions,
): [Tensor, Tensor] {
  return tf.tidy(() => {
    const bufferVariable = adopt(buffer, 'buffer');
    if (weightDecay !== 0) {
      // Folded in before the buffer is multiplied by the momentum, therefore divided by it.
      const scale = tf.scalar(-weightDecay / momentum);
      run('ResourceApplyGradientDescent', inPlace, [bufferVariable, scale, parameter], 0);
    }
    const variable = adopt(parameter, 'parameter');
    const attributes = [...inPlace, attribute.bool('use_nesterov', false)];
    const inputs = [variable, bufferVariable, tf.scalar(learningRate), gradient, tf.scalar(momentum)];
    run('ResourceApplyMomentum', attributes, inputs, 0);
    return [release(variable), release(bufferVariable)];
  });
}

function momentumByParts(
  parameter: Tensor,
  buffer: Tensor,
  gradient: Tensor,
  { learningRate, momentum, weightDecay }: MomentumOptions,
): [Tensor, Tensor] {
  return tf.tidy(() => {
    const decayed = tf.add(gradient, tf.mul(parameter, weightDecay));
    const newBuffer = tf.add(tf.mul(buffer, momentum), decayed);
    return [tf.sub(parameter, tf.mul(newBuffer, learningRate)), newBuffer];
  });
}

/** owned <- owned - scale amount. */
function subtractScaled(owned: Tensor, amount: Tensor, scale: number): Tensor {
  if (!isNative()) {
    const updated = tf.keep(tf.sub(owned, tf.mul(amount, scale)));
    owned.dispose();
    return updated;
  }
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
