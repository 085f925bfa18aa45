/** TensorBoard's events as bytes: protocol buffers (tensorflow/core/util/event.proto) in TFRecord's frame. */
import { maskedCrc32c } from './crc32c.ts';

export interface TensorboardEvent {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  /** One of the three. `fileVersion` is the first of every file. */
  fileVersion?: string;
  scalars?: Record<string, number>;
  /** What other files of the run have at this step and later is superseded. */
  sessionStart?: boolean;
  /** Who wrote the file; with its version. */
  writer?: string;
}

/** Files of ours are known by it: in them, points of single steps lie at the number of steps done. */
export const writerName = 'contrast-studio';

/** Length, its sum, the data, its sum. */
export function recordOf(event: TensorboardEvent): Buffer {
  const data = encodeEvent(event);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, sumOf(length), data, sumOf(data)]);
}

function sumOf(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(maskedCrc32c(bytes));
  return sum;
}

/** Numbers of the fields and of SessionLog.START, as event.proto and summary.proto have them. */
const field = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7, sourceMetadata: 10 } as const;
const sessionStatusStart = 1;

function encodeEvent({ wallTime, step, fileVersion, scalars, sessionStart, writer }: TensorboardEvent): Buffer {
  const parts = [doubleField(field.wallTime, wallTime), integerField(field.step, step)];
  if (fileVersion !== undefined) parts.push(bytesField(field.fileVersion, Buffer.from(fileVersion)));
  if (scalars) parts.push(bytesField(field.summary, encodeSummary(scalars)));
  if (sessionStart) parts.push(bytesField(field.sessionLog, integerField(1, sessionStatusStart)));
  if (writer !== undefined) parts.push(bytesField(field.sourceMetadata, bytesField(1, Buffer.from(writer))));
  return Buffer.concat(parts);
}

/** Summary.value: { tag = 1, simple_value = 2 } of each. */
function encodeSummary(scalars: Record<string, number>): Buffer {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), floatField(2, value)])),
  );
  return Buffer.concat(values);
}

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

function keyOf(number: number, type: number): Buffer {
  return varint((number << 3) | type);
}

/** `value` is a whole number from 0 to 2^53. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function integerField(number: number, value: number): Buffer {
  return Buffer.concat([keyOf(number, wire.varint), varint(value)]);
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([keyOf(number, wire.bytes), varint(bytes.length), bytes]);
}

function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([keyOf(number, wire.fixed64), bytes]);
}

function floatField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([keyOf(number, wire.fixed32), bytes]);
}
