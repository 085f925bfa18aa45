/** What a run measured, as its folder recorded it, without what later segments superseded (docs/run-folder.md). */
import { join } from 'node:path';
import { type EventOf, type RecordedEvent, recordedEvent } from '../../common/events.ts';
import { readLines } from '../../system/read-lines.ts';

export type RecordedMetrics = RecordedEvent & EventOf<'metrics'>;

export function* recordedMetrics(folder: string): Generator<RecordedMetrics> {
  for (const { event } of recordedEvents(folder)) if (event.type === 'metrics') yield event;
}

export interface PlacedEvent {
  event: RecordedEvent;
  /** Bytes of the file up to and with it. */
  end: number;
}

/**
 * Everything but superseded measurements, in its order; the file is read twice, so that nothing of it has to be kept.
 */
export function* recordedEvents(folder: string): Generator<PlacedEvent> {
  const starts = [...eventsOf(folder, 'segment')].flatMap(({ event }) => (event.type === 'segment' ? event : []));
  // The least step that any later segment goes on from.
  const bounds = starts.map((_, index) => Math.min(...starts.slice(index + 1).map(({ step }) => step)));
  let segment = -1;
  for (const placed of eventsOf(folder)) {
    const { event } = placed;
    if (event.type === 'segment') segment++;
    const bound = bounds[segment] ?? Number.POSITIVE_INFINITY;
    // A step's own points carry its number, the others how many were done.
    const counts = event.type !== 'metrics' || (event.group === 'step' ? event.step < bound : event.step <= bound);
    if (counts) yield placed;
  }
}

/** The events of some types; of none that are named: all. */
export function* eventsOf(folder: string, ...types: RecordedEvent['type'][]): Generator<PlacedEvent> {
  const marks = types.map((type) => `"type":"${type}"`);
  for (const { text, end } of readLines(join(folder, 'events.jsonl'))) {
    if (marks.length > 0 && !marks.some((mark) => text.includes(mark))) continue;
    const event = parse(text);
    if (event) yield { event, end };
  }
}

function parse(text: string): RecordedEvent | undefined {
  try {
    return recordedEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // a line that somebody spoilt: the application leaves it out, too
  }
}
