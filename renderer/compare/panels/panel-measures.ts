/** Which evaluations can be looked at side by side: pure. */
import { type Measure, measureKey, resultOf } from '../../../common/evaluations.ts';
import { type JobKind, jobs } from '../../../common/jobs/index.ts';
import type { RunRecord } from '../../../common/records.ts';
import type { ComparedRow } from '../../../common/results/compared-rows.ts';
import { protocolWords } from '../../evaluations/selection.ts';

/** One way of measuring on one folder of images, with what the rows have of it. */
export interface PanelMeasure {
  id: string;
  measure: Measure;
  label: string;
  /** The newest of each row, by its reference. */
  runs: Map<string, RunRecord>;
}

/** Where it runs is no part of what is measured. */
const machine = ['pretrained', 'device', 'workers', 'memory', 'printFrequency'];

/** Those that most of the rows have first. @param fits whether a run has what the panel shows */
export function measuresOf(rows: readonly ComparedRow[], fits: (run: RunRecord) => boolean): PanelMeasure[] {
  const found = new Map<string, PanelMeasure>();
  for (const { reference, sources } of rows) {
    for (const run of sources) {
      if (run.state !== 'finished' || !fits(run)) continue;
      const entries = Object.entries(run.config).filter(([key]) => !machine.includes(key));
      const measure = { kind: run.kind, config: Object.fromEntries(entries) };
      const id = `${measureKey(measure)} ${run.config.data}`;
      const one = found.get(id) ?? { id, measure, label: labelOf(measure), runs: new Map() };
      if (!one.runs.has(reference)) one.runs.set(reference, run);
      found.set(id, one);
    }
  }
  return [...found.values()].sort((a, b) => b.runs.size - a.runs.size);
}

/** Where no row was measured: on the labelled images that a training looked at, by as many neighbours as its probe. */
export function firstMeasure(rows: readonly ComparedRow[], kind: JobKind): PanelMeasure | undefined {
  for (const { settings } of rows) {
    const { probe, data: own, probeNeighbours } = settings.config;
    const data = probe || own;
    if (typeof data !== 'string' || data === '') continue;
    const neighbours = kind === 'knn' && typeof probeNeighbours === 'number' && { maxNeighbours: probeNeighbours };
    const measure = { kind, config: { data, ...neighbours } };
    return { id: measureKey(measure), measure, label: labelOf(measure), runs: new Map() };
  }
  return undefined;
}

function labelOf(measure: Measure): string {
  const folder = String(measure.config.data);
  return [jobs[measure.kind].title, folderName(folder), protocolWords(measure)].filter(Boolean).join(', ');
}

export function folderName(folder: string): string {
  return folder.split(/[/\\]/).findLast((part) => part !== '') ?? folder;
}

/** Tells sets of images apart; null where a result does not say which they were. */
export function imagesOf(run: RunRecord): string | null {
  const { data } = (resultOf(run)?.values.provenance ?? {}) as { data?: { sha256: string }[] };
  return data?.map(({ sha256 }) => sha256).join() ?? null;
}
