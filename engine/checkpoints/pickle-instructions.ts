/** The binary instructions of pickle protocols 2 to 5, by their byte. The comments are their names in pickletools. */
import type { PickleCursor } from './pickle-cursor.ts';
import type { PickleMachine } from './pickle-machine.ts';
import { PickleDictionary, PickleRefusal, PickleTuple } from './pickle-values.ts';

type Instruction = (machine: PickleMachine, cursor: PickleCursor) => void;

/** STOP */
export const stop = 0x2e;

export const instructions: Record<number, Instruction> = {
  /* PROTO */ 128: (_machine, cursor) => checkProtocol(cursor.uint8()),
  /* FRAME, a hint for buffering */ 149: (_machine, cursor) => cursor.skip(8),
  /* MARK */ 40: (machine) => machine.mark(),
  /* POP */ 48: (machine) => machine.drop(),
  /* POP_MARK */ 49: (machine) => machine.popMark(),
  /* DUP */ 50: (machine) => machine.push(machine.top()),

  /* NONE */ 78: (machine) => machine.push(null),
  /* NEWTRUE */ 136: (machine) => machine.push(true),
  /* NEWFALSE */ 137: (machine) => machine.push(false),
  /* BININT */ 74: (machine, cursor) => machine.push(cursor.int32()),
  /* BININT1 */ 75: (machine, cursor) => machine.push(cursor.uint8()),
  /* BININT2 */ 77: (machine, cursor) => machine.push(cursor.uint16()),
  /* LONG1 */ 138: (machine, cursor) => machine.push(cursor.integer(cursor.uint8())),
  /* LONG4 */ 139: (machine, cursor) => machine.push(cursor.integer(cursor.uint32())),
  /* BINFLOAT */ 71: (machine, cursor) => machine.push(cursor.float64()),
  /* SHORT_BINUNICODE */ 140: (machine, cursor) => machine.push(cursor.text(cursor.uint8())),
  /* BINUNICODE */ 88: (machine, cursor) => machine.push(cursor.text(cursor.uint32())),
  /* BINUNICODE8 */ 141: (machine, cursor) => machine.push(cursor.text(cursor.uint64())),
  /* SHORT_BINSTRING */ 85: (machine, cursor) => machine.push(cursor.textOrBytes(cursor.uint8())),
  /* BINSTRING */ 84: (machine, cursor) => machine.push(cursor.textOrBytes(cursor.uint32())),
  /* SHORT_BINBYTES */ 67: (machine, cursor) => machine.push(cursor.bytes(cursor.uint8())),
  /* BINBYTES */ 66: (machine, cursor) => machine.push(cursor.bytes(cursor.uint32())),
  /* BINBYTES8 */ 142: (machine, cursor) => machine.push(cursor.bytes(cursor.uint64())),
  /* BYTEARRAY8 */ 150: (machine, cursor) => machine.push(cursor.bytes(cursor.uint64())),

  /* EMPTY_LIST */ 93: (machine) => machine.push([]),
  /* EMPTY_DICT */ 125: (machine) => machine.push(new PickleDictionary()),
  /* EMPTY_SET */ 143: (machine) => machine.push(new Set()),
  /* EMPTY_TUPLE */ 41: (machine) => machine.push(new PickleTuple([])),
  /* TUPLE1 */ 133: (machine) => machine.push(new PickleTuple(machine.popMany(1))),
  /* TUPLE2 */ 134: (machine) => machine.push(new PickleTuple(machine.popMany(2))),
  /* TUPLE3 */ 135: (machine) => machine.push(new PickleTuple(machine.popMany(3))),
  /* TUPLE */ 116: (machine) => machine.push(new PickleTuple(machine.popMark())),
  /* FROZENSET */ 145: (machine) => machine.push(new Set(machine.popMark())),
  /* APPEND */ 97: (machine) => machine.append(machine.popMany(1)),
  /* APPENDS */ 101: (machine) => machine.append(machine.popMark()),
  /* ADDITEMS */ 144: (machine) => machine.addItems(machine.popMark()),
  /* SETITEM */ 115: (machine) => machine.setItems(machine.popMany(2)),
  /* SETITEMS */ 117: (machine) => machine.setItems(machine.popMark()),

  /* BINPUT */ 113: (machine, cursor) => machine.memoize(cursor.uint8()),
  /* LONG_BINPUT */ 114: (machine, cursor) => machine.memoize(cursor.uint32()),
  /* MEMOIZE */ 148: (machine) => machine.memoize(),
  /* BINGET */ 104: (machine, cursor) => machine.recall(cursor.uint8()),
  /* LONG_BINGET */ 106: (machine, cursor) => machine.recall(cursor.uint32()),

  /* GLOBAL */ 99: (machine, cursor) => machine.pushGlobal(cursor.line(), cursor.line()),
  /* STACK_GLOBAL */ 147: stackGlobal,
  /* BINPERSID */ 81: (machine) => machine.pushPersistent(),
  /* REDUCE */ 82: (machine) => machine.call(machine.pop()),
  /* NEWOBJ */ 129: (machine) => machine.call(machine.pop()),
  /* NEWOBJ_EX */ 146: callNamed,
  /* BUILD */ 98: (machine) => machine.build(machine.pop()),
};

function checkProtocol(protocol: number) {
  if (protocol < 2 || protocol > 5) throw new PickleRefusal(`expected pickle protocol 2 to 5, found ${protocol}`);
}

function stackGlobal(machine: PickleMachine) {
  const [module, name] = machine.popMany(2);
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw new PickleRefusal('expected two texts as the name of a class or function');
  }
  machine.pushGlobal(module, name);
}

function callNamed(machine: PickleMachine) {
  const named = machine.pop();
  if (!(named instanceof PickleDictionary) || named.size > 0) {
    throw new PickleRefusal('expected a call without named arguments');
  }
  machine.call(machine.pop());
}
