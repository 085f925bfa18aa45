/** What a run is called when nobody has named it. */
import { basename } from 'node:path';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import type { RunRecord } from '../../common/records.ts';

const mostChanges = 3;

/** A run made from another one is called by what differs, others by their recipe or their job and data. */
export function nameFor(
  kind: JobKind,
  config: Record<string, unknown>,
  recipeTitle: string | undefined,
  parent: RunRecord | undefined,
): string {
  if (parent?.kind === kind) return nameOfChild(parent, config);
  return recipeTitle ?? `${jobs[kind].title}: ${basename(String(config.data ?? ''))}`;
}

function nameOfChild(parent: RunRecord, config: Record<string, unknown>): string {
  const changes = Object.keys(config)
    .filter((key) => JSON.stringify(config[key]) !== JSON.stringify(parent.config[key]))
    .map((key) => `${key} ${shown(parent.config[key])} → ${shown(config[key])}`);
  const origin = parent.name.split(' · ')[0];
  if (changes.length === 0) return `${origin} · again`;
  const more = changes.length > mostChanges ? `, ${changes.length - mostChanges} more` : '';
  return `${origin} · ${changes.slice(0, mostChanges).join(', ')}${more}`.slice(0, 200);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return basename(value) || 'none';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
