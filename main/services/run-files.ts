/** What is read from a run folder as it is. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogPart } from './runs.ts';

const newline = 0x0a;

/** Whole lines only: the last ones, or those from a byte on. */
export async function readLog(folder: string, options: { fromByte?: number; maxBytes: number }): Promise<LogPart> {
  const file = await open(join(folder, 'log.txt'), 'r').catch(ignoreAbsent);
  if (!file) return { text: '', fromByte: 0, toByte: 0, sizeBytes: 0 };
  try {
    const { size } = await file.stat();
    const wanted = options.fromByte ?? Math.max(0, size - options.maxBytes);
    const start = Math.min(wanted, size);
    const length = Math.min(options.maxBytes, size - start);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
    // The end of the file may lie in the middle of a line, and so may the beginning of its last part.
    const from = options.fromByte === undefined && start > 0 ? buffer.indexOf(newline) + 1 : 0;
    const to = buffer.lastIndexOf(newline) + 1;
    const cutLine = to <= from && length === options.maxBytes ? length : Math.max(from, to);
    return {
      text: buffer.toString('utf8', from, cutLine),
      fromByte: start + from,
      toByte: start + cutLine,
      sizeBytes: size,
    };
  } finally {
    await file.close();
  }
}

export async function readCommand(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'command.txt'), 'utf8').catch(ignoreAbsent);
  return text?.trim() ?? null;
}

function ignoreAbsent(thrown: NodeJS.ErrnoException): null {
  if (thrown.code === 'ENOENT') return null;
  throw thrown;
}
