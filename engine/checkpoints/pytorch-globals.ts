/** Torch's part of the allow-list: what its files call to make tensors again, as descriptions of tensors. */
import { pythonGlobal } from './pickle-globals.ts';
import {
  keyText,
  PickleDictionary,
  PickleGlobal,
  PickleRefusal,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';
import { isTorchDtype, type TorchDtype, TorchStorage, TorchTensor } from './pytorch-tensor.ts';

type Call = (values: readonly PickleValue[]) => PickleValue;

/** Classes of storages and the type of their elements. Untyped ones count bytes. */
const storageDtypes: Record<string, TorchDtype> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexDoubleStorage: 'complex128',
  ComplexFloatStorage: 'complex64',
  UntypedStorage: 'uint8',
};

/** The element type of a storage class such as `torch.FloatStorage` or `torch.cuda.HalfStorage`. */
function storageDtype(name: string): TorchDtype | undefined {
  const match = /^torch\.(?:cuda\.|storage\.)?(\w+)$/.exec(name);
  return match && Object.hasOwn(storageDtypes, match[1]!) ? storageDtypes[match[1]!] : undefined;
}

const rebuildTensor: Call = ([storage, offset, shape, stride, , , metadata]) => {
  if (!(storage instanceof TorchStorage)) throw new PickleRefusal('expected a storage for a tensor');
  refuseLazyBits(metadata);
  return new TorchTensor(storage, storage.dtype, sizes(shape), sizes(stride), size(offset));
};

/** As the above, with a type of its own over an untyped storage. */
const rebuildTypedTensor: Call = ([storage, offset, shape, stride, , , dtype, metadata]) => {
  const name = dtype instanceof PickleGlobal ? dtype.name.replace(/^torch\./, '') : '';
  if (!(storage instanceof TorchStorage) || !isTorchDtype(name)) {
    throw new PickleRefusal('expected a storage and an element type for a tensor');
  }
  refuseLazyBits(metadata);
  return new TorchTensor(storage, name, sizes(shape), sizes(stride), size(offset));
};

const sameTensor: Call = ([tensor]) => {
  if (!(tensor instanceof TorchTensor)) throw new PickleRefusal('expected a tensor for a parameter');
  return tensor;
};

const makers: Record<string, Call> = {
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': rebuildTypedTensor,
  'torch._utils._rebuild_parameter': sameTensor,
  'torch._utils._rebuild_parameter_with_state': sameTensor,
  'torch.nn.parameter.Parameter': sameTensor,
};

const known = new Map(
  Object.entries({
    ...makers,
    // Tensors with attributes (buffers): (maker, class, its arguments, attributes).
    'torch._tensor._rebuild_from_type_v2': ([maker, , values]: readonly PickleValue[]) => {
      const make = maker instanceof PickleGlobal ? makers[maker.name] : undefined;
      if (!make || !(values instanceof PickleTuple)) throw new PickleRefusal('expected the parts of a tensor');
      return make(values.items);
    },
    'torch.Size': ([shape]: readonly PickleValue[]) => shape ?? new PickleTuple([]),
    'torch.device': ([kind, index]: readonly PickleValue[]) =>
      `${keyText(kind ?? null)}${index === undefined ? '' : `:${keyText(index)}`}`,
  }).map(([name, call]) => [name, new PickleGlobal(name, call)]),
);

/** What a name stands for in PyTorch's files; undefined where it is not allowed. */
export function torchGlobal(name: string): PickleGlobal | undefined {
  const inert =
    storageDtype(name) !== undefined ||
    name === 'torch.Tensor' ||
    (name.startsWith('torch.') && isTorchDtype(name.slice('torch.'.length)));
  return known.get(name) ?? (inert ? new PickleGlobal(name) : pythonGlobal(name));
}

/** The parts of a storage's id: ('storage', class, key, device, elements, view). */
export function parseStorageId(id: PickleValue) {
  const [kind, storageClass, key, , elements, view] = id instanceof PickleTuple ? id.items : [];
  const dtype = storageClass instanceof PickleGlobal ? storageDtype(storageClass.name) : undefined;
  if (kind !== 'storage' || !dtype || typeof key !== 'string') {
    throw new PickleRefusal('expected the id of a storage');
  }
  return { dtype, key, elements: size(elements), view: view ?? null };
}

/** Conjugated and negated views store other values than they have. */
function refuseLazyBits(metadata: PickleValue | undefined) {
  if (metadata instanceof PickleDictionary && (metadata.get('conj') === true || metadata.get('neg') === true)) {
    throw new PickleRefusal('expected a tensor as it is stored, found a conjugated or negated view');
  }
}

export function size(value: PickleValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new PickleRefusal('expected a whole number of elements');
}

/** PyTorch knows 64 dimensions at most. */
function sizes(value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : value;
  if (!Array.isArray(items) || items.length > 64) throw new PickleRefusal('expected a shape');
  return items.map(size);
}
