/** What a pickle can hold once it is read as data: Python's containers and numbers, and objects on an allow-list. */

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array<ArrayBuffer>
  | PickleValue[]
  | PickleTuple
  | PickleDictionary
  | Set<PickleValue>
  | PickleGlobal
  | PickleObject;

/** Python's tuple; lists are arrays. */
export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** Python's dict, in its order. Whole numbers within 2^53 are the same keys whether Python had int or float. */
export class PickleDictionary extends Map<PickleValue, PickleValue> {}

/** `collections.OrderedDict`, which state dicts are. Attributes of it (torch's `_metadata`) are not kept. */
export class OrderedDictionary extends PickleDictionary {}

/** An object of which only the attributes are kept, such as `argparse.Namespace`. */
export class PickleRecord extends PickleDictionary {
  /** Takes attributes, of which there may be none. */
  assign(attributes: PickleValue): void {
    if (attributes === null) return;
    if (!(attributes instanceof PickleDictionary)) throw new PickleRefusal('expected attributes as a dict');
    for (const [key, value] of attributes) this.set(key, value);
  }
}

/** A name out of a module. Never looked up: `call` is ours, and a name without one only stands for itself. */
export class PickleGlobal {
  /** e.g. `torch.FloatStorage` */
  readonly name: string;
  readonly call: ((values: readonly PickleValue[]) => PickleValue) | undefined;

  constructor(name: string, call?: (values: readonly PickleValue[]) => PickleValue) {
    this.name = name;
    this.call = call;
  }
}

/** Base of what a library adds: tensors, storages, arrays. */
export abstract class PickleObject {
  /** Takes the state that BUILD gives; most have none. */
  build(_state: PickleValue): void {
    throw new PickleRefusal('expected no attributes for this object');
  }
}

/** Thrown where a pickle's content is refused; the machine adds the file and the offset. */
export class PickleRefusal extends Error {}

/** Containers within containers; Python itself stops writing at about 300 of them. */
const maximumDepth = 500;

/**
 * Visits every value once in the order of reading, with its path (keys and indices). A container that is reached again,
 * along another path or in a circle, is not entered twice, so the time is that of the file's size. Throws
 * PickleRefusal at a depth of 500.
 */
export function walkPickle(root: PickleValue, visit: (value: PickleValue, path: () => string[]) => void): void {
  interface Step {
    value: PickleValue;
    key: string;
    parent: Step | undefined;
    depth: number;
  }
  const entered = new Set<PickleValue>();
  const waiting: Step[] = [{ value: root, key: '', parent: undefined, depth: 0 }];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const here = step;
    visit(here.value, () => {
      const path: string[] = [];
      for (let at: Step | undefined = here; at?.parent; at = at.parent) path.unshift(at.key);
      return path;
    });
    if (!isContainer(here.value) || entered.has(here.value)) continue;
    entered.add(here.value);
    if (here.depth > maximumDepth) throw new PickleRefusal(`expected at most ${maximumDepth} containers in each other`);
    const children = childrenOf(here.value);
    // The last one in is the first one out.
    for (let index = children.length - 1; index >= 0; index--) {
      const [key, value] = children[index]!;
      waiting.push({ value, key, parent: here, depth: here.depth + 1 });
    }
  }
}

function isContainer(value: PickleValue): value is PickleValue[] | PickleTuple | PickleDictionary | Set<PickleValue> {
  return (
    Array.isArray(value) || value instanceof PickleTuple || value instanceof PickleDictionary || value instanceof Set
  );
}

function childrenOf(value: PickleValue[] | PickleTuple | PickleDictionary | Set<PickleValue>) {
  if (value instanceof PickleDictionary) {
    return Array.from(value, ([key, child]): [string, PickleValue] => [keyText(key), child]);
  }
  const items = value instanceof PickleTuple ? value.items : [...value];
  return items.map((child, index): [string, PickleValue] => [String(index), child]);
}

/** A key as messages and paths show it. */
export function keyText(key: PickleValue): string {
  if (key === null) return 'None';
  if (key instanceof PickleGlobal) return key.name;
  if (key instanceof PickleTuple) {
    return `(${key.items.slice(0, 4).map((item) => (isContainer(item) ? '...' : keyText(item)))})`;
  }
  return typeof key === 'object' ? '...' : String(key);
}
