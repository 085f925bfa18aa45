// The last act of a script: the program takes its place.
import { spawn } from 'node:child_process';
import { root, toolEnvironment } from '../setup/paths.mjs';

/** Runs a program on our own terminal and ends as it ends. Signals meant for us are passed on. */
export function becomeProgram(program, args, extra = {}) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: toolEnvironment(extra),
    shell: process.platform === 'win32' && !program.endsWith('.exe'),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // a terminal's Ctrl-C reaches the program by itself, and a second one would end it at once
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`${program} does not start: ${error.message}\n`);
    process.exit(4);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)));
}
