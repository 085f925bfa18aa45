/** What the first page shows, in the document itself: its rows are drawn before anything is asked of the studio. */
import { readFile } from 'node:fs/promises';
import superjson from 'superjson';
import { type FirstLook, firstLookId } from '../../common/first-look.ts';
import { packRuns } from '../../common/packed-runs.ts';
import type { Services } from '../services/index.ts';

/** About what a window shows, twice over. */
const firstRuns = 60;

/** The built document with the newest runs and the view of them; as it was built where those cannot be read. */
export async function documentWith(services: Services, path: string): Promise<string> {
  const document = await readFile(path, 'utf8');
  const end = document.lastIndexOf('</body>');
  const look = firstLookOf(services);
  if (end < 0 || look === null) return document;
  const script = `<script type="application/json" id="${firstLookId}">${embeddable(look)}</script>\n`;
  return document.slice(0, end) + script + document.slice(end);
}

/** The page asks for the same again, and shows there what went wrong. */
function firstLookOf({ runs, runViews }: Services): FirstLook | null {
  try {
    const list = runs.list({ limit: firstRuns, offset: 0, sort: 'createdAt', descending: true });
    return { runs: packRuns(list), shown: runViews.shown() };
  } catch {
    return null;
  }
}

/** Without "<" nothing in it ends the element or begins another, whatever a run is called. */
function embeddable(value: unknown): string {
  return superjson.stringify(value).replaceAll('<', '\\u003c');
}
