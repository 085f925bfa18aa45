// Child processes of set-up: their output is kept for the error message, and none outlives us.
import { spawn } from 'node:child_process';
import { root, toolEnvironment } from './paths.mjs';

const running = new Set();
let onChange = () => {};

/** `listener(pids)` hears of each change of what is running. */
export function watchChildren(listener) {
  onChange = () => listener([...running].flatMap((child) => child.pid ?? []));
}

/** What stopped set-up, in words for a person: `message` says what, `cure` what to do. */
export class SetupError extends Error {
  constructor(message, cure) {
    super(message);
    this.cure = cure;
  }
}

/**
 * Runs a program to its end and resolves to { code, signal, output }, never rejects: `output` holds the last 64 kB of
 * both streams, `onText` sees them as they come. After `timeoutMs` the program is killed (signal 'timeout').
 */
export function run(program, args, { cwd = root, env = toolEnvironment(), onText, timeoutMs, inherit = false } = {}) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && /\.(cmd|bat)$/i.test(program),
    });
    running.add(child);
    onChange();
    const timer = timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGKILL');
        }, timeoutMs)
      : undefined;
    const finish = (result) => {
      clearTimeout(timer);
      running.delete(child);
      onChange();
      resolve({ ...result, output });
    };
    const keep = (chunk) => {
      const text = String(chunk);
      output = (output + text).slice(-65536);
      onText?.(text);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => {
      output += error.message;
      finish({ code: 127, signal: null });
    });
    child.on('close', (code, signal) => finish({ code, signal: timedOut ? 'timeout' : signal }));
  });
}

/** Until the returned function is called, Ctrl-C and SIGTERM end what is running, say the words, and end the script. */
export function endOnSignal(words) {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  const end = (signal) => {
    for (const child of running) child.kill('SIGTERM');
    process.stderr.write(`${words}\n`);
    process.exit(codes[signal]);
  };
  for (const signal of Object.keys(codes)) process.on(signal, end);
  return () => {
    for (const signal of Object.keys(codes)) process.off(signal, end);
  };
}

/** The line of a failed program's output that most likely says why. */
export function lastWords(output) {
  const lines = output
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter(Boolean);
  const telling = lines.filter((line) => /error|cannot|could not|no such|not found|failed|fatal/i.test(line));
  const line = telling.at(-1) ?? lines.at(-1) ?? 'it said nothing';
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
