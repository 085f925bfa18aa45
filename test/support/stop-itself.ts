/**
 * Preloaded into a process under test: once what it writes or renames matches `CONTRAST_TEST_STOP`, it stops itself
 * (SIGSTOP). It is then found just there, however slow the machine is; SIGCONT lets it go on.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const wanted = process.env.CONTRAST_TEST_STOP ? new RegExp(process.env.CONTRAST_TEST_STOP) : null;
let isDone = false;

/** After each call the text that `textOf` finds in its arguments is looked at. */
function watched<Call extends (...args: never[]) => unknown>(call: Call, textOf: (args: unknown[]) => unknown): Call {
  return new Proxy(call, {
    apply(target, self, args) {
      const result: unknown = Reflect.apply(target, self, args);
      if (!isDone && wanted?.test(String(textOf(args)))) {
        isDone = true;
        process.kill(process.pid, 'SIGSTOP');
      }
      return result;
    },
  });
}

fs.writeSync = watched(fs.writeSync, ([, text]) => text);
fs.renameSync = watched(fs.renameSync, ([, to]) => to);
syncBuiltinESMExports();
