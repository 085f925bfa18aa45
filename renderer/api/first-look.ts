/** What came with the document (main/web/first-look.ts), so that the first page shows it at once. */
import superjson from 'superjson';
import { type FirstLook, firstLookId } from '../../common/first-look.ts';
import { unpackRuns } from '../../common/packed-runs.ts';
import type { ShownRuns } from '../../common/runs-view.ts';
import type { RunList } from './merge-runs.ts';

/** By then it is told what has changed; what nobody has asked for is of yesterday. */
const lastsMs = 10_000;

let look: { runs: RunList; shown: ShownRuns | null } | null = read();

function read() {
  const element = document.getElementById(firstLookId);
  if (!element) return null;
  const { runs, shown } = superjson.parse<FirstLook>(element.textContent ?? '');
  element.remove();
  const { rows, total } = unpackRuns(runs);
  return { runs: { rows, total, complete: rows.length >= total }, shown };
}

export function firstLook() {
  if (performance.now() > lastsMs) look = null;
  return look;
}
