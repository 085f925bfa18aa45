import type { RunRecord } from '../../../common/records.ts';
import { thumbnailUrl } from '../../api/client.ts';

/** Address of an image that a run looked at. @param path below `root`, or absolute where that is left out */
export function imageUrl(run: RunRecord, path: string, root?: string): string {
  const data = String(run.config.data);
  const below = (whole: string) => (whole.startsWith(data) ? whole.slice(data.length).replace(/^[/\\]/, '') : null);
  if (root === undefined) return thumbnailUrl('runs', run.id, below(path) ?? path);
  const inner = below(root);
  return thumbnailUrl('runs', run.id, inner ? `${inner}/${path}` : path);
}
