/** What a run measured, as its folder recorded it, without what later segments superseded (docs/run-folder.md). */
import { join } from 'node:path';
import { type EventOf, type RecordedEvent, recordedEvent } from '../../common/events.ts';
import { readLines } from '../../system/read-lines.ts';

export type RecordedMetrics = RecordedEvent & EventOf<'metrics'>;

/** In their order; the file is read twice, so that nothing of it has to be kept. */
export function* recordedMetrics(folder: string): Generator<RecordedMetrics> {
  const starts = [...eventsOf(folder, '"type":"segment"')].flatMap((event) => (event.type === 'segment' ? event : []));
  // The least step that any later segment goes on from.
  const bounds = starts.map((_, index) => Math.min(...starts.slice(index + 1).map(({ step }) => step)));
  let segment = -1;
  for (const event of eventsOf(folder)) {
    if (event.type === 'segment') segment++;
    if (event.type !== 'metrics') continue;
    const bound = bounds[segment] ?? Number.POSITIVE_INFINITY;
    // A step's own points carry its number, the others how many were done.
    if (event.group === 'step' ? event.step < bound : event.step <= bound) yield event;
  }
}

function* eventsOf(folder: string, containing = ''): Generator<RecordedEvent> {
  for (const { text } of readLines(join(folder, 'events.jsonl'))) {
    if (!text.includes(containing)) continue;
    const event = parse(text);
    if (event) yield event;
  }
}

function parse(text: string): RecordedEvent | undefined {
  try {
    return recordedEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // a line that somebody spoilt: the application leaves it out, too
  }
}
