import { parentPort, workerData } from 'node:worker_threads';
import { createBatchWorker } from './batch-worker.ts';
import type { LoaderPlan, ThreadOrder } from './plan.ts';

// The entry of a loader's thread: works through the batches that it is told of, in their order.
const port = parentPort;
if (!port) throw new Error('loader-thread runs as a worker thread only');

const work = createBatchWorker(workerData as LoaderPlan, (message) => port.postMessage(message));
let last: Promise<void> = Promise.resolve();
port.on('message', (order: ThreadOrder) => {
  last = last.then(() => (order.type === 'work' ? work(order.slot) : port.close()));
});
