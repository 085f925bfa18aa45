/**
 * What a row of a comparison is of, as it is saved, linked and typed: `run:<id>`, `checkpoint:<SHA-256 or its first
 * digits>`, `run:<id>@<epoch>` (or `@best`, `@last`) for the checkpoint of a run, `published:<id>`. A bare word is a run.
 */
import { AppError } from '../errors.ts';
import { comparedRows } from './limits.ts';

export const referenceKinds = ['run', 'checkpoint', 'published'] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

export interface Reference {
  kind: ReferenceKind;
  id: string;
  /** Of a run: its checkpoint after this epoch, its best one, its last one. */
  at?: number | 'best' | 'last';
}

/** Throws `usage` naming what cannot be read. */
export function parseReference(text: string): Reference {
  const [, tag, id = '', place] = /^(?:([a-z]+):)?([^@:]+)(?:@(.+))?$/.exec(text) ?? [];
  const kind = (tag ?? 'run') as ReferenceKind;
  const at = place === 'best' || place === 'last' ? place : /^\d+$/.test(place ?? '') ? Number(place) : undefined;
  const isWhole = id !== '' && referenceKinds.includes(kind) && (place === undefined || at !== undefined);
  if (isWhole && (at === undefined || kind === 'run')) return { kind, id, ...(at !== undefined && { at }) };
  throw new AppError('usage', `"${text}" names nothing that can be compared.`, {
    cure: 'Write run:<id>, run:<id>@<epoch>, checkpoint:<hash> or published:<id>.',
  });
}

export function writeReference({ kind, id, at }: Reference): string {
  return `${kind}:${id}${at === undefined ? '' : `@${at}`}`;
}

export const runReference = (id: string) => writeReference({ kind: 'run', id });
export const checkpointReference = (id: string) => writeReference({ kind: 'checkpoint', id });

/** The rows of a comparison, and which of them the others are held against. */
export interface Compared {
  /** References. */
  rows: string[];
  /** One of the rows; undefined: the first. */
  baseline: string | undefined;
}

/** `run:a,checkpoint:b` and, where it is not the first, the baseline. */
export function comparePath({ rows, baseline }: Compared): string {
  const list = rows.map(encodeReference).join(',');
  return `/compare/${list}${baseline && baseline !== rows[0] ? `/${encodeReference(baseline)}` : ''}`;
}

/** A colon may stand in a path as it is. */
function encodeReference(reference: string): string {
  return encodeURIComponent(reference).replaceAll('%3A', ':').replaceAll('%40', '@');
}

/** Rows as an address has them, each once; a bare id, as older links have it, is a run. */
export function readRows(text: string): string[] {
  const rows = text.split(',').map(decodeURIComponent).filter(Boolean).map(tagged);
  return [...new Set(rows)].slice(0, comparedRows.most);
}

/** What a person or an older file left without a tag is a run. */
export function tagged(reference: string): string {
  return reference.includes(':') ? reference : runReference(reference);
}
