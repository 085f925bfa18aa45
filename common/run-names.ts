/** What runs are called by what differs between them. */
import { type Field, fieldsOf } from './fields.ts';
import { type JobKind, jobs } from './jobs/index.ts';

const mostChanges = 3;
const longestName = 200;

interface Origin {
  name: string;
  kind: JobKind;
  config: Record<string, unknown>;
}

/** A run made from another one of its kind: `Demo · lr 0.03→0.06, seed 2`. */
export function childName(parent: Origin, config: Record<string, unknown>): string {
  const fields = new Map(fieldsOf(jobs[parent.kind].config).map((field) => [field.key, field]));
  const changed = Object.keys(config).filter((key) => !sameValue(config[key], parent.config[key]));
  const changes = changed.map((key) =>
    changeWords(fields.get(key) ?? { key, flags: [] }, parent.config[key], config[key]),
  );
  const origin = originOf(parent.name);
  if (changes.length === 0) return `${origin} · again`;
  const more = changes.length > mostChanges ? `, ${changes.length - mostChanges} more` : '';
  return namedBy(origin, `${changes.slice(0, mostChanges).join(', ')}${more}`);
}

/** What a name says before what differs. */
export function originOf(name: string): string {
  return name.split(' · ')[0]!;
}

export function namedBy(origin: string, changes: string): string {
  return `${origin} · ${changes}`.slice(0, longestName);
}

type Named = Pick<Field, 'key' | 'flags'>;

/** `lr 0.03→0.06`; where nothing changed, and of a seed, only what it is: `lr 0.03`, `seed 2`. */
export function changeWords(field: Named, before: unknown, after: unknown): string {
  const same = before === undefined || sameValue(before, after);
  const from = same || field.key === 'seed' ? '' : `${shown(before)}→`;
  return `${shortName(field)} ${from}${shown(after)}`;
}

/** The reference's flag where it is a plain word, else the long name: `lr`, `wd`, `temperature`. */
function shortName({ key, flags }: Named): string {
  const names = flags.filter((flag) => flag.startsWith('--')).map((flag) => flag.slice(2));
  return names.find((name) => /^[a-z]{2,8}$/.test(name)) ?? names.at(-1) ?? key;
}

/** Four digits tell values of a sweep apart; of a path, its end. */
function shown(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value.split(/[\\/]/).findLast((part) => part !== '') ?? 'none';
  return Array.isArray(value) ? value.map(shown).join(' ') : String(value);
}

function sameValue(value: unknown, other: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(other);
}
