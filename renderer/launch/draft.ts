/** A form that is taken along to another page and back, as the augmentation lab; it survives a reload. */
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import type { Variation } from '../../common/sweep.ts';
import type { Config } from './form-values.ts';

export interface Draft {
  kind: JobKind;
  config: Config;
  name: string;
  /** Of what it was made: a recipe, a run. */
  recipe?: string;
  parent?: string;
  /** On the demo data, which may still have to be made. */
  demo?: boolean;
  /** What is varied. */
  variations?: Variation[];
  seeds?: number;
}

const key = 'form-draft';

export function keepDraft(draft: Draft): void {
  sessionStorage.setItem(key, JSON.stringify(draft));
}

/** Null where there is none, or one of another version of the pages. */
export function readDraft(): Draft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Draft | null;
    return draft && draft.kind in jobs && typeof draft.config === 'object' ? draft : null;
  } catch {
    return null;
  }
}
