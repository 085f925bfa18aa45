/** The allow-list, apart from torch's part: what checkpoints in the wild hold beside their tensors. */
import { bytesOf, encodeText } from './pickle-bytes.ts';
import { numpyGlobals } from './pickle-numpy.ts';
import {
  OrderedDictionary,
  PickleDictionary,
  PickleGlobal,
  PickleRecord,
  PickleRefusal,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';

type Call = (values: readonly PickleValue[]) => PickleValue;

/** Names that may be called, each with what we make of the call. */
const callable: Record<string, Call> = {
  'collections.OrderedDict': ([pairs]) => new OrderedDictionary(pairsOf(pairs)),
  'collections.defaultdict': ([, pairs]) => new PickleDictionary(pairsOf(pairs)),
  'collections.Counter': ([pairs]) => new PickleDictionary(pairsOf(pairs)),
  'collections.deque': ([items]) => itemsOf(items),
  'builtins.set': ([items]) => new Set(itemsOf(items)),
  'builtins.frozenset': ([items]) => new Set(itemsOf(items)),
  'builtins.bytearray': ([bytes]) => (bytes === undefined ? new Uint8Array() : bytesOf(bytes)),
  '_codecs.encode': encodeText,
  ...Object.fromEntries(
    ['PosixPath', 'WindowsPath', 'Path', 'PurePosixPath', 'PureWindowsPath'].flatMap((name) => [
      [`pathlib.${name}`, joinPath],
      [`pathlib._local.${name}`, joinPath],
    ]),
  ),
};

/** Classes whose objects are kept as their attributes and items: hyper-parameters. */
const records = new Set([
  'argparse.Namespace',
  'types.SimpleNamespace',
  'pytorch_lightning.utilities.parsing.AttributeDict',
  'lightning.pytorch.utilities.parsing.AttributeDict',
  'lightning_fabric.utilities.data.AttributeDict',
  'lightning.fabric.utilities.data.AttributeDict',
  'easydict.EasyDict',
  'omegaconf.dictconfig.DictConfig',
  'omegaconf.listconfig.ListConfig',
  'omegaconf.base.Metadata',
  'omegaconf.base.ContainerMetadata',
  ...['Any', 'String', 'Integer', 'Float', 'Boolean', 'Path'].map((kind) => `omegaconf.nodes.${kind}Node`),
]);

/** Names that stand for themselves and can do nothing: types as values, callbacks as keys of Lightning's files. */
const inert =
  /^(builtins\.(int|float|str|bool|bytes|list|dict|tuple|object|complex|long|unicode)|numpy\.ndarray|typing\.Any)$/;
const lightningCallback = /^(pytorch_lightning|lightning\.pytorch)\.callbacks\.[\w.]+$/;

const known = new Map<string, PickleGlobal>([
  ...Object.entries({ ...callable, ...numpyGlobals }).map(([name, call]) => entry(name, call)),
  ...Array.from(records, (name) => entry(name, () => new PickleRecord())),
]);

function entry(name: string, call: Call): [string, PickleGlobal] {
  return [name, new PickleGlobal(name, call)];
}

/** What a name of Python or NumPy stands for; undefined where it is not on the list. */
export function pythonGlobal(name: string): PickleGlobal | undefined {
  const found = known.get(name);
  if (found || !(inert.test(name) || lightningCallback.test(name))) return found;
  return new PickleGlobal(name);
}

/** Keys and values from a dict, or from the list of pairs that Python 2 wrote. */
function pairsOf(given: PickleValue | undefined): [PickleValue, PickleValue][] {
  if (given === undefined) return [];
  if (given instanceof PickleDictionary) return [...given];
  return itemsOf(given).map((pair) => {
    const [key, value, ...more] = itemsOf(pair);
    if (key === undefined || value === undefined || more.length > 0) throw new PickleRefusal('expected pairs');
    return [key, value];
  });
}

function itemsOf(given: PickleValue | undefined): PickleValue[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return [...given];
  if (given instanceof PickleTuple) return [...given.items];
  if (given instanceof Set) return [...given];
  throw new PickleRefusal('expected a list, tuple or set of items');
}

function joinPath(parts: readonly PickleValue[]): string {
  if (!parts.every((part) => typeof part === 'string'))
    throw new PickleRefusal('expected the parts of a path as texts');
  return parts.join('/').replace(/^\/\//, '/');
}
