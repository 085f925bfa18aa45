/** The machine that pickles are written for (the standard library's pickletools describes it), on data only. */
import { PickleCursor } from './pickle-cursor.ts';
import { instructions, stop } from './pickle-instructions.ts';
import {
  keyText,
  OrderedDictionary,
  PickleDictionary,
  PickleGlobal,
  PickleObject,
  PickleRecord,
  PickleRefusal,
  PickleTuple,
  type PickleValue,
  walkPickle,
} from './pickle-values.ts';

/** What a reader makes of the two things that pickles leave open. */
export interface PickleRules {
  /** What a name such as `torch.FloatStorage` stands for; undefined where it is not allowed. */
  global(name: string): PickleGlobal | undefined;
  /** The object outside of the pickle that an id means, e.g. a storage. */
  persistent(id: PickleValue): PickleValue;
}

/** The state of reading one pickle; its methods are what instructions do. */
export class PickleMachine {
  /** Where the instruction at work begins. */
  instructionStart = 0;
  readonly cursor: PickleCursor;
  readonly #rules: PickleRules;
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at the open marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  readonly #maximumEffort: number;
  #effort = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>, rules: PickleRules, maximumEffort: number) {
    this.cursor = new PickleCursor(bytes, 0);
    this.#rules = rules;
    this.#maximumEffort = maximumEffort;
  }

  /** Executes instructions up to the one that stops, and gives the value that is left. */
  run(): PickleValue {
    for (;;) {
      this.instructionStart = this.cursor.position;
      this.#spend(1);
      const code = this.cursor.uint8();
      if (code === stop) break;
      const execute = instructions[code];
      if (!execute) {
        const found = `0x${code.toString(16).padStart(2, '0')}`;
        throw new PickleRefusal(`expected an instruction of pickle protocol 2 to 5, found ${found}`);
      }
      execute(this, this.cursor);
    }
    const value = this.pop();
    walkPickle(value, () => {}); // for the depth
    return value;
  }

  /** An instruction costs 1, and what is copied by calls its length: shared values cannot multiply. */
  #spend(effort: number): void {
    this.#effort += effort;
    if (this.#effort > this.#maximumEffort) {
      throw new PickleRefusal(`expected a pickle of at most ${this.#maximumEffort} instructions and items`);
    }
  }

  #spendOn(values: readonly PickleValue[]): void {
    this.#spend(values.length);
    for (const value of values) this.#spend(lengthOf(value));
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  /** The top of the stack, above the last mark. */
  top(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) {
      throw new PickleRefusal('expected a value on the stack, found none');
    }
    return this.#stack.at(-1)!;
  }

  pop(): PickleValue {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  popMany(count: number): PickleValue[] {
    if (this.#stack.length - (this.#marks.at(-1) ?? 0) < count) {
      throw new PickleRefusal(`expected ${count} values on the stack, found fewer`);
    }
    return this.#stack.splice(-count, count);
  }

  popMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleRefusal('expected a mark on the stack, found none');
    return this.#stack.splice(mark);
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Takes the top away, be it a value or a mark. */
  drop(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  /** `index` undefined: the next one. */
  memoize(index = this.#memo.size): void {
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new PickleRefusal(`expected a value stored as ${index}, found none`);
    this.push(value);
  }

  append(items: PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new PickleRefusal(`expected a list to append to, found ${kindOf(list)}`);
    for (const item of items) list.push(item);
  }

  addItems(items: PickleValue[]): void {
    const set = this.top();
    if (!(set instanceof Set)) throw new PickleRefusal(`expected a set to add to, found ${kindOf(set)}`);
    for (const item of items) set.add(item);
  }

  setItems(items: PickleValue[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof PickleDictionary)) {
      throw new PickleRefusal(`expected a dict to fill, found ${kindOf(dictionary)}`);
    }
    if (items.length % 2 > 0) throw new PickleRefusal('expected keys with a value each');
    for (let index = 0; index < items.length; index += 2) dictionary.set(items[index]!, items[index + 1]!);
  }

  pushPersistent(): void {
    this.push(this.#rules.persistent(this.pop()));
  }

  pushGlobal(module: string, attribute: string): void {
    const name = `${modulesOfPython2.get(module) ?? module}.${attribute}`;
    const known = this.#rules.global(name);
    if (!known) throw new PickleRefusal(`${brief(name)} is refused: it is no tensor, number, text or container`);
    this.push(known);
  }

  call(given: PickleValue): void {
    const callee = this.pop();
    if (!(callee instanceof PickleGlobal)) throw new PickleRefusal(`expected a name to call, found ${kindOf(callee)}`);
    if (!callee.call) throw new PickleRefusal(`${brief(callee.name)} is refused: it may be named, but not called`);
    if (!(given instanceof PickleTuple)) {
      throw new PickleRefusal(`expected a tuple of arguments for ${callee.name}, found ${kindOf(given)}`);
    }
    this.#spendOn(given.items);
    this.push(callee.call(given.items));
  }

  build(state: PickleValue): void {
    const target = this.top();
    const parts = state instanceof PickleTuple ? state.items : [state];
    this.#spendOn(parts);
    if (target instanceof PickleObject) target.build(state);
    else if (target instanceof PickleRecord) {
      for (const part of parts) target.assign(part);
    } else if (!(target instanceof OrderedDictionary)) {
      throw new PickleRefusal(`expected an object with attributes, found ${kindOf(target)}`);
    }
  }
}

/** Modules that Python 3 renamed. */
const modulesOfPython2 = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
]);

function kindOf(value: PickleValue): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof PickleTuple) return 'a tuple';
  if (value instanceof PickleDictionary) return 'a dict';
  if (value instanceof Set) return 'a set';
  if (value instanceof PickleGlobal) return brief(value.name);
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof PickleObject) return 'an object';
  return brief(typeof value === 'string' ? JSON.stringify(value) : keyText(value));
}

/** Text of a file within a message: short, and without what a terminal would obey. */
function brief(text: string): string {
  const printable = text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
  return text.length > 100 ? `${printable}...` : printable;
}

/** Items of a container; texts and bytes are copied 64 at a time. */
function lengthOf(value: PickleValue): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof PickleTuple) return value.items.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return typeof value === 'string' || value instanceof Uint8Array ? value.length / 64 : 0;
}
