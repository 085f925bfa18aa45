// The one way out of the scripts for an error: what happened and what to do, exit code 4 (environment).
import { say } from './progress.mjs';
import { SetupError } from './run.mjs';

export async function orExplain(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\n${error.message}\n${error.cure}`);
    process.exit(4);
  }
}
