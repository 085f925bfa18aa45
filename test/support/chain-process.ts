/** A studio in a process of its own, to be killed: `node chain-process.ts <workspace> <three folders of data>`. */
import { openApplication } from '../../main/application.ts';
import { threeLinks } from './chain-cases.ts';
import { testWorker } from './studio-fixtures.ts';

const [workspace, one, two, three] = process.argv.slice(2) as [string, string, string, string];
const studio = await openApplication({ workspace, workerEntry: testWorker });
const chain = threeLinks({ one, two, three });
const { id } = await studio.services.chains.start({ chain, given: { teacher: '/teacher' } });
console.log(id);
