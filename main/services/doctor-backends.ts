/** Computes something on each backend, in processes of their own. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { DoctorCheck, ProbeResult } from '../../common/system.ts';
import { readSetup } from '../../system/setup-record.ts';
import { workerEnvironment } from '../jobs/worker-process.ts';

const timeoutMs = 60_000;

/** The best backend; and the fallback too where the best one is not it. */
export async function probeBackends(probeEntry: string): Promise<DoctorCheck[]> {
  const best = await probe(probeEntry, 'auto');
  const checks = [backendCheck('Backend', best)];
  if (best.ok && best.images !== null) {
    checks.push({
      name: 'Images',
      level: 'error',
      message: `sharp does not work: ${best.images}`,
      cure: 'Run "npm ci".',
    });
  }
  if (!best.ok || best.backend !== 'wasm') checks.push(backendCheck('Fallback', await probe(probeEntry, 'wasm')));
  return checks;
}

function backendCheck(name: string, result: ProbeResult): DoctorCheck {
  if (!result.ok) return { name, level: 'error', message: result.message, cure: result.cure };
  const versions = Object.entries(result.versions).map(([what, version]) => `${what} ${version}`);
  const speed = `${result.gigaflops.toFixed(result.gigaflops < 10 ? 1 : 0)} GFLOP/s`;
  const message = `${result.backend} on the ${result.device}: ${versions.join(', ')}; ${speed}`;
  return result.note ? { name, level: 'warning', message, cure: result.note } : { name, level: 'ok', message };
}

async function probe(entry: string, device: string): Promise<ProbeResult> {
  const child = spawn(process.execPath, [entry, device], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // In Electron the executable is Electron, which is Node when it is told to be.
    env: { ...workerEnvironment(process.env, readSetup()?.libraryPaths ?? []), ELECTRON_RUN_AS_NODE: '1' },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const ended = new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) =>
      resolve(signal ? `crashed (${signal})` : code === 0 ? null : `ended with ${code}`),
    );
  });
  const [output, complaints, failure] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const line = output.trim().split('\n').at(-1) ?? '';
  if (failure === null && line.startsWith('{')) return JSON.parse(line) as ProbeResult;
  const words =
    complaints
      .trim()
      .split('\n')
      .findLast((one) => /error|cannot/i.test(one)) ?? '';
  const message = `Trying to compute (${device}) ${failure ?? 'gave no answer'}. ${words}`.trim();
  return { ok: false, message, cure: 'Run "npm run setup" to build the backend anew, or train with --device wasm.' };
}
