/** Which checkpoints the table shows: pure, so that typing never waits for the studio. */
import type { CheckpointResult, CheckpointSummary } from '../../common/checkpoints.ts';
import { evaluationWords, formatWords, layoutWords } from './words.ts';

export const checkpointGroups = {
  all: 'All',
  imported: 'Imported',
  run: 'From runs',
  trash: 'Trash',
} as const;
export type CheckpointGroup = keyof typeof checkpointGroups;

/** Checkpoints of the group in which every word of the search occurs. What is in the trash is a list of its own. */
export function filterCheckpoints(
  checkpoints: readonly CheckpointSummary[],
  search: string,
  group: CheckpointGroup,
): CheckpointSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return checkpoints.filter((checkpoint) => {
    if ((group === 'imported' || group === 'run') && checkpoint.source !== group) return false;
    if (words.length === 0) return true;
    const text = textOf(checkpoint);
    return words.every((word) => text.includes(word));
  });
}

function textOf(checkpoint: CheckpointSummary): string {
  const { name, sha256, origin, layout, format, arch, stem, head, state, run } = checkpoint;
  return [
    name,
    sha256,
    origin,
    layout,
    layoutWords(layout),
    formatWords[format],
    arch,
    stem,
    head,
    state,
    run?.name,
    run?.id,
  ]
    .join('\n')
    .toLowerCase();
}

/** In the order in which one of them stands for all in the table. */
const ranked = ['knn', 'probe', 'linear', 'transfer', 'instdisc'];

/** All evaluations of a checkpoint, the one that stands for it first. */
export function resultsOf({ results }: CheckpointSummary): (CheckpointResult & { name: string; words: string })[] {
  return Object.entries(results)
    .map(([name, result]) => ({ ...result, name, words: evaluationWords(name) }))
    .sort((left, right) => rankOf(left.name) - rankOf(right.name));
}

function rankOf(name: string): number {
  const rank = ranked.indexOf(name);
  return rank < 0 ? ranked.length : rank;
}
