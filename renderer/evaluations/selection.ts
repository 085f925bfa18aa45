/** Which checkpoints and measures the grid shows: kept by the browser, as they were left. */
import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { type Measure, measureKinds } from '../../common/evaluations.ts';
import { fieldsOf } from '../../common/fields.ts';
import { jobs } from '../../common/jobs/index.ts';

interface Kept {
  /** SHA-256 of each. */
  checkpoints: string[];
  measures: Measure[];
}

export interface Selection extends Kept {
  setCheckpoints: (checkpoints: string[]) => void;
  setMeasures: (measures: Measure[]) => void;
}

const nothing: Kept = { checkpoints: [], measures: [] };

export function useSelection(): Selection {
  const [kept, keep] = useLocalStorage<Kept>({
    key: 'evaluation-grid',
    defaultValue: nothing,
    getInitialValueInEffect: false,
  });
  return useMemo(
    () => ({
      checkpoints: kept.checkpoints,
      // Of another version of the studio there may be some that this one does not know.
      measures: kept.measures.filter(({ kind }) => measureKinds.includes(kind)),
      setCheckpoints: (checkpoints) => keep((before) => ({ ...before, checkpoints: [...new Set(checkpoints)] })),
      setMeasures: (measures) => keep((before) => ({ ...before, measures: uniqueMeasures(measures) })),
    }),
    [kept, keep],
  );
}

/** The same for the same measure. */
export function measureId({ kind, config }: Measure): string {
  return JSON.stringify([kind, Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function uniqueMeasures(measures: Measure[]): Measure[] {
  return [...new Map(measures.map((measure) => [measureId(measure), measure])).values()];
}

/** What of a protocol is not as usual, in words: "Protocol dino, Image size 64 px". */
export function protocolWords({ kind, config }: Measure): string {
  return fieldsOf(jobs[kind].config)
    .filter(({ key, default: usual }) => {
      const value = config[key];
      return key !== 'data' && value !== undefined && JSON.stringify(value) !== JSON.stringify(usual);
    })
    .map(({ key, label, unit }) => [label, String(config[key]), unit].filter(Boolean).join(' '))
    .join(', ');
}

/** Those of one run together, by epoch; otherwise in the order in which they were chosen. */
export function inOrder(chosen: readonly string[], known: readonly CheckpointSummary[]): CheckpointSummary[] {
  const bySha = new Map(known.map((one) => [one.sha256, one]));
  const found = chosen.flatMap((sha256) => bySha.get(sha256) ?? []);
  const groups = Map.groupBy(found, groupOf);
  return [...groups.values()].flatMap((group) => group.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0)));
}

/** The run that made it; an imported one stands alone. */
export function groupOf({ source, run, sha256 }: CheckpointSummary): string {
  return source === 'run' && run ? run.id : sha256;
}
