/** Records of runs as the store gives them, for tests of what is made of them. */
import type { RunRecord } from '../../common/records.ts';

export function runRecordOf(change: Partial<RunRecord> & Pick<RunRecord, 'id'>): RunRecord {
  return {
    kind: 'train',
    name: `run ${change.id}`,
    state: 'finished',
    recipe: null,
    parent: null,
    sweep: null,
    folder: `/studio/runs/${change.id}`,
    config: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    endedAt: null,
    epoch: 0,
    epochs: null,
    step: 0,
    totalSteps: null,
    stage: '',
    progress: null,
    remaining: null,
    device: null,
    error: null,
    last: {},
    best: {},
    references: [],
    alarms: [],
    results: {},
    sizeBytes: 0,
    trashedAt: null,
    star: false,
    tags: [],
    note: '',
    archived: false,
    ...change,
  };
}
