/** A real application in a folder of its own, with test workers, that is gone when the test is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunRecord } from '../../common/records.ts';
import { type Application, openApplication } from '../../main/application.ts';
import { testWorker } from './studio-fixtures.ts';

export * from './studio-fixtures.ts';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'contrast-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export async function openStudio(workspace: string, more: { runQueue?: boolean } = {}): Promise<Application> {
  const warnings: string[] = [];
  const application = await openApplication({
    workspace,
    workerEntry: testWorker,
    onWarning: (message) => warnings.push(message),
    ...more,
  });
  let open = true;
  const close = application.close;
  application.close = async (options) => {
    if (open) await close(options);
    open = false;
  };
  onTestFinished(async () => {
    // Workers outlive the application; those of a test must not outlive it.
    if (!open) return;
    await application.close({ stopWorkers: true });
  });
  return application;
}

export async function until<Value>(
  ask: () => Value | undefined | false | null,
  what: string | (() => string),
  timeoutMs = 240_000,
): Promise<Value> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function untilState(studio: Application, id: string, ...states: RunRecord['state'][]): Promise<RunRecord> {
  const seen = new Set<string>();
  const ask = () => {
    const run = studio.services.runs.get(id);
    seen.add(run.state);
    return states.includes(run.state) && run;
  };
  return until(ask, () => `run in state ${states.join(' or ')}; it was ${[...seen].join(', ')}`);
}
