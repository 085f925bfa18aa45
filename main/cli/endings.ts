/** How a command ends: the error on stderr (or as JSON on stdout), and the exit code. */
import { CommanderError } from 'commander';
import { type AppError, asAppError } from '../../common/errors.ts';
import { stringifyNumbers } from '../../common/numbers.ts';

export async function endWith(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    process.exitCode = explain(thrown);
  }
}

/** @returns the exit code */
function explain(thrown: unknown): number {
  // Commander has written its message; help and version end this way too, with 0.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const error = asAppError(thrown);
  if (process.argv.includes('--json')) printJson({ error: errorRecord(error) });
  console.error(`error: ${error.message}`);
  if (error.cure) console.error(error.cure);
  if (error.code === 'internal' && error.cause instanceof Error) console.error(error.cause.stack);
  return error.exitCode;
}

export function errorRecord({ code, message, cure, field }: Pick<AppError, 'code' | 'message' | 'cure' | 'field'>) {
  return { code, message, cure, field };
}

/** The one object that stdout is with `--json`; not-a-numbers as in the files of a run folder. */
export function printJson(value: unknown): void {
  process.stdout.write(`${stringifyNumbers(value, 2)}\n`);
}
