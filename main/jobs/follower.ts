/** Reads on in a run's `events.jsonl` from where it was left. */
import { open } from 'node:fs/promises';
import { type RecordedEvent, recordedEvent } from '../../common/events.ts';

export interface EventChunk {
  events: RecordedEvent[];
  /** Where the next reading begins: behind the last whole line. */
  offset: number;
  /** There is more already. */
  more: boolean;
  /** Whole lines that are no events: they are left out. */
  unreadable: number;
  /** The file is shorter than what was read of it before: it is another one. */
  replaced: boolean;
}

const chunkBytes = 512 << 10;
const newline = 0x0a;

/** A torn last line is left for the next time. No file yet is an empty one. */
export async function readEvents(path: string, offset: number): Promise<EventChunk> {
  const nothing: EventChunk = { events: [], offset, more: false, unreadable: 0, replaced: false };
  const file = await open(path, 'r').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null;
    throw thrown;
  });
  if (!file) return nothing;
  try {
    const { size } = await file.stat();
    if (size < offset) return { ...nothing, replaced: true };
    // A line longer than the chunk asks for a larger one.
    for (let length = chunkBytes; ; length *= 2) {
      const wanted = Math.min(length, size - offset);
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
      const whole = buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1;
      if (whole === 0 && wanted < size - offset) continue;
      const { events, unreadable } = parseLines(buffer.toString('utf8', 0, whole));
      return { events, unreadable, offset: offset + whole, more: offset + wanted < size, replaced: false };
    }
  } finally {
    await file.close();
  }
}

function parseLines(text: string): { events: RecordedEvent[]; unreadable: number } {
  const events: RecordedEvent[] = [];
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const event = parseLine(line);
    if (event) events.push(event);
    else unreadable++;
  }
  return { events, unreadable };
}

function parseLine(line: string): RecordedEvent | undefined {
  try {
    return recordedEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // not even JSON
  }
}
