/**
 * Event files of TensorBoard as data: TFRecord's frames with their sums, of the protocol buffers what scalars need
 * (tensorflow/core/util/event.proto, framework/summary.proto, framework/tensor.proto). Nothing in a file is executed,
 * and no length that a file names is believed before the file is known to be that long.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { maskedCrc32c } from './crc32c.ts';

export interface ScalarEvent {
  /** Seconds since 1970, as the file has it: it may be no date at all. */
  wallTime: number;
  step: bigint;
  scalars: { tag: string; value: number }[];
  /** SessionLog.START: what lies at this step and later is superseded. */
  sessionStart: boolean;
  /** Values that are no scalars: images, histograms, texts. */
  leftOut: number;
  /** `source_metadata.writer` of the file's first event. */
  writer: string | null;
  /** Bytes of the file up to here. */
  end: number;
}

/** Larger records are images, audio or graphs: they are passed over unread. */
const mostBytes = 64 << 20;

/** `tell` is told each damaged place; what is whole before it (and, where the next record can be found, after it) is read. */
export function* readScalarEvents(path: string, tell: (remark: string) => void): Generator<ScalarEvent> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const read = (at: number, length: number) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, at));
    };
    for (let at = 0; at < size; ) {
      const head = read(at, 12);
      if (head.length < 12) return tell(`byte ${at}: the file ends within a record; what is before it was taken`);
      if (head.readUInt32LE(8) !== maskedCrc32c(head.subarray(0, 8)))
        return tell(`byte ${at}: the length of a record has a wrong checksum; nothing after it was taken`);
      const length = Number(head.readBigUInt64LE());
      const end = at + 12 + length + 4;
      if (end > size) {
        return tell(`byte ${at}: a record of ${length} bytes, but the file ends; what is before it was taken`);
      }
      if (length > mostBytes) tell(`byte ${at}: a record of ${length} bytes was passed over`);
      else {
        const body = read(at + 12, length + 4);
        const data = body.subarray(0, length);
        if (body.length < length + 4) return tell(`byte ${at}: the file became shorter while it was read`);
        if (body.readUInt32LE(length) !== maskedCrc32c(data))
          tell(`byte ${at}: a record with a wrong checksum was left out`);
        else {
          const event = eventOf(data);
          if (event) yield { ...event, end };
          else tell(`byte ${at}: a record that is no event was left out`);
        }
      }
      at = end;
    }
  } finally {
    closeSync(file);
  }
}

type Field = [number: number, value: bigint | Buffer];

/** Fields in their order; those of fixed width as their bytes. Throws where the message contradicts itself. */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new RangeError('no number');
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError('beyond the end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const type = key & 7;
    const number = Math.floor(key / 8);
    if (type === 0) yield [number, varint()];
    else if (type === 1) yield [number, take(8)];
    else if (type === 5) yield [number, take(4)];
    else if (type === 2) yield [number, take(Number(varint()))];
    else throw new RangeError('no wire type');
  }
}

function eventOf(data: Buffer): Omit<ScalarEvent, 'end'> | null {
  const event: Omit<ScalarEvent, 'end'> = {
    wallTime: 0,
    step: 0n,
    scalars: [],
    sessionStart: false,
    leftOut: 0,
    writer: null,
  };
  try {
    for (const [number, value] of fieldsOf(data)) {
      if (number === 1 && isBytes(value, 8)) event.wallTime = value.readDoubleLE();
      if (number === 2 && typeof value === 'bigint') event.step = BigInt.asIntN(64, value);
      if (number === 5 && isBytes(value)) addSummary(event, value);
      if (number === 7 && isBytes(value)) {
        for (const [key, status] of fieldsOf(value)) if (key === 1 && status === 1n) event.sessionStart = true;
      }
      if (number === 10 && isBytes(value)) {
        for (const [key, writer] of fieldsOf(value)) if (key === 1 && isBytes(writer)) event.writer = writer.toString();
      }
    }
    return event;
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function isBytes(value: bigint | Buffer, length?: number): value is Buffer {
  return typeof value !== 'bigint' && (length === undefined || value.length === length);
}

/** Summary.value: tag = 1, simple_value = 2, tensor = 8. */
function addSummary(event: Pick<ScalarEvent, 'scalars' | 'leftOut'>, summary: Buffer) {
  for (const [number, one] of fieldsOf(summary)) {
    if (number !== 1 || !isBytes(one)) continue;
    let tag = '';
    let value: number | null = null;
    for (const [key, part] of fieldsOf(one)) {
      if (key === 1 && isBytes(part)) tag = part.toString('utf8');
      if (key === 2 && isBytes(part, 4)) value = part.readFloatLE();
      if (key === 8 && isBytes(part)) value = scalarOf(part);
    }
    if (tag !== '' && value !== null) event.scalars.push({ tag, value });
    else event.leftOut++;
  }
}

/** tensorflow/core/framework/types.proto. */
const types = { float: 1, double: 2, int32: 3, int64: 9 } as const;

/** A number of a tensor of rank 0, as TensorFlow 2 writes scalars; null for anything else. */
function scalarOf(tensor: Buffer): number | null {
  let type = 0;
  let rank = 0;
  let content: Buffer | null = null;
  const values = new Map<number, bigint | Buffer>();
  for (const [number, value] of fieldsOf(tensor)) {
    if (number === 1) type = Number(value);
    else if (number === 2 && isBytes(value))
      for (const [key] of fieldsOf(value)) rank += key === 2 || key === 3 ? 1 : 0;
    else if (number === 4 && isBytes(value)) content = value;
    else values.set(number, value);
  }
  if (rank > 0) return null;
  // In the field of its type (packed or not), or as bytes.
  if (type === types.float) return numberIn(values.get(5) ?? content, 4, (bytes) => bytes.readFloatLE());
  if (type === types.double) return numberIn(values.get(6) ?? content, 8, (bytes) => bytes.readDoubleLE());
  if (type === types.int32) return integerIn(values.get(7)) ?? numberIn(content, 4, (bytes) => bytes.readInt32LE());
  if (type === types.int64)
    return integerIn(values.get(10)) ?? numberIn(content, 8, (bytes) => Number(bytes.readBigInt64LE()));
  return null;
}

function numberIn(value: bigint | Buffer | null, bytes: number, read: (bytes: Buffer) => number): number | null {
  return value !== null && isBytes(value, bytes) ? read(value) : null;
}

function integerIn(value: bigint | Buffer | undefined): number | null {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return Number(BigInt.asIntN(64, value));
  const [first] = fieldsOf(Buffer.concat([Buffer.of(0), value])); // packed: the numbers without their key
  return first && typeof first[1] === 'bigint' ? Number(BigInt.asIntN(64, first[1])) : null;
}
