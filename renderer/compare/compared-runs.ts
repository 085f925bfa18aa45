/** Which runs are compared, as the address has them. */
import { comparedRuns } from '../../common/results/limits.ts';

export interface ComparedIds {
  ids: string[];
  baseline: string | undefined;
}

/** `a,b,c` and, where it is not the first, the baseline. */
export function comparePath({ ids, baseline }: ComparedIds): string {
  const list = ids.map(encodeURIComponent).join(',');
  return `/compare/${list}${baseline && baseline !== ids[0] ? `/${encodeURIComponent(baseline)}` : ''}`;
}

export function readIds(text: string): string[] {
  return [...new Set(text.split(',').map(decodeURIComponent).filter(Boolean))].slice(0, comparedRuns.most);
}
