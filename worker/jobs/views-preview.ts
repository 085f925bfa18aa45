/** The augmentation lab: stays and draws what the page asks for, the newest request at a time. Needs no backend. */
import { join } from 'node:path';
import { asAppError } from '../../common/errors.ts';
import type { ViewsPreviewConfig } from '../../common/jobs/views-preview.ts';
import { answerName, type NumberedRequest, type PreviewAnswer } from '../../common/views-preview.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { tuneDecoder } from '../images/decode.ts';
import type { Job } from '../job.ts';
import { createAnswerer } from '../views-preview/answer.ts';
import { openRequests } from '../views-preview/requests.ts';
import { openTiles } from '../views-preview/tiles.ts';

export const viewsPreviewJob: Job<ViewsPreviewConfig> = async ({ idleSeconds }, { folder, report, wishes }) => {
  tuneDecoder();
  const tiles = openTiles(folder);
  const requests = openRequests(folder, idleSeconds * 1000, wishes.signal);
  const draw = createAnswerer({ tiles, report });
  try {
    for (let request = await requests.next(); request; request = await requests.next()) await serve(request);
  } finally {
    requests.close();
    tiles.close();
  }
  return wishes.signal.aborted ? 'stopped' : 'finished';

  async function serve(request: NumberedRequest): Promise<void> {
    const startedMs = performance.now();
    const obsolete = new AbortController();
    // A large folder takes long to list: not to its end when the page has gone on to another one.
    const stopLooking = requests.onNewer(request, (newer) => {
      if (newer.config.data !== request.config.data || newer.file !== request.file) obsolete.abort();
    });
    try {
      const drawn = await draw(request, AbortSignal.any([obsolete.signal, wishes.signal]));
      write({ number: request.number, ...drawn, elapsedMs: performance.now() - startedMs });
    } catch (thrown) {
      if (obsolete.signal.aborted || wishes.signal.aborted) return;
      const { code, message, cure } = asAppError(thrown);
      if (code === 'internal') console.error(thrown); // a defect: its stack is wanted
      const problem = { code, message, cure };
      const elapsedMs = performance.now() - startedMs;
      write({ number: request.number, images: [], count: 0, estimate: null, issues: [], problem, elapsedMs });
    } finally {
      stopLooking();
    }
  }

  function write(answer: PreviewAnswer): void {
    writeAtomically(join(folder, answerName), JSON.stringify(answer), { lasting: false });
    tiles.forgetBefore(answer.number - 1); // the page may still be fetching those of the answer before
  }
};
