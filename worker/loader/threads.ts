import { Worker } from 'node:worker_threads';
import { createBatchWorker } from './batch-worker.ts';
import type { LoaderPlan, ThreadOrder, ThreadReport } from './plan.ts';

/** Whoever fills the batches: a pool of threads, or this very thread. */
export interface Crew {
  /** Tells everyone that a slot has work. */
  wake(slot: number): void;
  /** Ends when no thread is left. Batches under way are finished first. */
  dismiss(): Promise<void>;
}

export function startCrew(
  plan: LoaderPlan,
  threads: number,
  entry: URL | string,
  onReport: (report: ThreadReport) => void,
): Crew {
  return threads === 0 ? ownThread(plan, onReport) : threadPool(plan, threads, entry, onReport);
}

function ownThread(plan: LoaderPlan, onReport: (report: ThreadReport) => void): Crew {
  const work = createBatchWorker(plan, onReport);
  let last: Promise<void> = Promise.resolve();
  return {
    wake(slot) {
      last = last.then(() => work(slot));
    },
    dismiss: () => last,
  };
}

function threadPool(
  plan: LoaderPlan,
  threads: number,
  entry: URL | string,
  onReport: (report: ThreadReport) => void,
): Crew {
  let dismissed = false;
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(entry, { workerData: plan });
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        resolve();
        if (!dismissed) fail(`a loader thread ended with code ${code}`);
      });
    });
    worker.on('message', onReport);
    worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
    return { worker, exited };
  });
  const fail = (message: string) => onReport({ type: 'failed', code: 'internal', message });
  const tell = (order: ThreadOrder) => {
    for (const { worker } of workers) worker.postMessage(order);
  };
  return {
    wake: (slot) => tell({ type: 'work', slot }),
    async dismiss() {
      dismissed = true;
      tell({ type: 'end' });
      await Promise.all(workers.map(({ exited }) => exited));
    },
  };
}
