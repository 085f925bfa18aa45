/** A studio in a process of its own, to be killed: `node studio-process.ts <workspace> <data> <runs to queue>`. */
import { openApplication } from '../../main/application.ts';
import { testWorker, trainConfigFor } from './studio-fixtures.ts';

const [workspace, data, count] = process.argv.slice(2);
const studio = await openApplication({ workspace: workspace!, workerEntry: testWorker });
const ids: string[] = [];
for (let i = 0; i < Number(count); i++) {
  const run = await studio.services.runs.launch({ kind: 'train', config: trainConfigFor(data!), name: `run ${i}` });
  ids.push(run.id);
}
// Not the order in which they came: it must be the queue that is kept.
studio.services.queue.move(ids.at(-1)!, 0);
console.log(JSON.stringify({ ids, order: studio.services.queue.list().order }));
