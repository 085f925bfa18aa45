/** TensorBoard's event files, read by the descriptions of their formats, with all sums checked. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { maskedCrc32c } from '../../worker/tensorboard/crc32c.ts';

export function eventFilesOf(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.includes('tfevents'));
  return names.sort().map((name) => join(folder, name));
}

type Field = [number: number, value: bigint | Buffer];

/** Fields of a protocol-buffer message in their order; fixed-width ones as their bytes. */
function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const type = key & 7;
    fields.push([key >> 3, type === 0 ? varint() : take(type === 1 ? 8 : type === 5 ? 4 : Number(varint()))]);
  }
  return fields;
}

interface Read {
  step: number;
  wallTime: number;
  version?: string;
  start: boolean;
  scalars: Record<string, number>;
}

/** Every event of a file; a record that a kill tore off is the end. */
export function readEventFile(path: string): Read[] {
  const bytes = readFileSync(path);
  const events: Read[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = bytes.subarray(at, at + 8);
    if (header.length < 8) break;
    const length = Number(header.readBigUInt64LE());
    if (at + 16 + length > bytes.length) break;
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(header));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    events.push(eventOf(data));
    at += 16 + length;
  }
  return events;
}

function eventOf(data: Buffer): Read {
  const event: Read = { step: 0, wallTime: 0, start: false, scalars: {} };
  for (const [number, value] of fieldsOf(data)) {
    if (number === 1) event.wallTime = (value as Buffer).readDoubleLE();
    if (number === 2) event.step = Number(value);
    if (number === 3) event.version = String(value);
    if (number === 7) event.start = fieldsOf(value as Buffer).some(([key, status]) => key === 1 && status === 1n);
    if (number !== 5) continue;
    for (const [, one] of fieldsOf(value as Buffer)) {
      const [[, tag], [, scalar]] = fieldsOf(one as Buffer) as [Field, Field];
      event.scalars[String(tag)] = (scalar as Buffer).readFloatLE();
    }
  }
  return event;
}

/** As TensorBoard keeps points: a start drops what lies at its step and later. */
export function curvesOf(events: Read[]): Map<string, [number, number][]> {
  const curves = new Map<string, [number, number][]>();
  for (const { step, start, scalars } of events) {
    if (start)
      for (const [tag, points] of curves)
        curves.set(
          tag,
          points.filter(([at]) => at < step),
        );
    for (const [tag, value] of Object.entries(scalars)) curves.set(tag, [...(curves.get(tag) ?? []), [step, value]]);
  }
  return curves;
}
