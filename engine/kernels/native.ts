/**
 * Raw TensorFlow operations, where the registered backend is the native one. tfjs's own API reaches only a part of
 * them; fused and in-place ones make the difference between half of PyTorch's speed and all of it.
 */
import { type Tensor, tf } from '../tf.ts';

interface Attribute {
  name: string;
  type: number;
  value: number | boolean | string | number[];
}

/** The part of tfjs-node's backend that is used here. */
interface NativeBackend {
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputCount: number): Tensor[];
}

/** TF_AttrType and TF_DataType of TensorFlow's C API (tf_attrtype.h, tf_datatype.h), which are fixed numbers. */
const attributeType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;
const dataType = { float32: 1, int32: 3 } as const;

export const attribute = {
  string: (name: string, value: string): Attribute => ({ name, type: attributeType.string, value }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: attributeType.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: attributeType.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: attributeType.bool, value }),
  type: (name: string, value: keyof typeof dataType): Attribute => ({
    name,
    type: attributeType.type,
    value: dataType[value],
  }),
  shape: (name: string, value: number[]): Attribute => ({ name, type: attributeType.shape, value }),
};

/** The element type that nearly every operation asks for. */
export const float32 = attribute.type('T', 'float32');
export const channelsLast = attribute.string('data_format', 'NHWC');

/** Whether raw operations can be run. */
export function isNative(): boolean {
  return 'executeMultipleOutputs' in tf.backend();
}

/** Runs a raw operation, not recorded for gradients. Only where `isNative()`. */
export function run(op: string, attributes: Attribute[], inputs: Tensor[], outputCount: number): Tensor[] {
  return (tf.backend() as unknown as NativeBackend).executeMultipleOutputs(op, attributes, inputs, outputCount);
}

/** Runs a raw operation with one output. */
export function runSingle<Output extends Tensor = Tensor>(
  op: string,
  attributes: Attribute[],
  inputs: Tensor[],
): Output {
  return run(op, attributes, inputs, 1)[0] as Output;
}

/** A shape as the int32 tensor that some operations take. */
export function shapeTensor(shape: number[]): Tensor {
  return tf.tensor1d(shape, 'int32');
}

/** Selects the oneDNN form of an operation that TensorFlow otherwise reaches only by rewriting a graph. */
export const oneDnnKernel = attribute.string('_kernel', 'MklNameChangeOp');

/** By backend; found out once, by pooling one number. */
const oneDnn = new WeakMap<object, boolean>();

/** Whether TensorFlow was started with oneDNN (the default on most x86 processors; never on a GPU). */
export function hasOneDnn(): boolean {
  const backend = tf.backend();
  const known = oneDnn.get(backend);
  if (known !== undefined) return known;
  const found = isNative() && tf.tidy(canPoolByOneDnn);
  oneDnn.set(backend, found);
  return found;
}

function canPoolByOneDnn(): boolean {
  const attributes = [
    float32,
    channelsLast,
    attribute.int('ksize', [1, 1, 1, 1]),
    attribute.int('strides', [1, 1, 1, 1]),
    attribute.string('padding', 'VALID'),
    attribute.bool('workspace_enabled', true),
    oneDnnKernel,
  ];
  try {
    run('_MklNativeMaxPool', attributes, [tf.zeros([1, 1, 1, 1])], 2);
    return true;
  } catch {
    // No such operation, or none for this device.
    return false;
  }
}
