/** What MLflow takes as names and values (mlflow/utils/validation.py, version 3). */
import { createHash } from 'node:crypto';

export const limits = { name: 250, parameter: 6000, tag: 8000, parametersAtOnce: 100, entitiesAtOnce: 1000 } as const;

/**
 * Letters, digits, `_ - . /` and spaces, as a path that is written in one way only; no colon, which servers on Windows
 * refuse. A longer one ends in a hash, so that two stay two.
 */
export function mlflowName(name: string): string {
  const parts = name
    .replace(/[^\p{L}\p{N}_/.\- ]+/gu, ' ')
    .split('/')
    .map((part) => part.replace(/ +/g, ' ').trim())
    .filter((part) => !/^\.{0,2}$/.test(part));
  const clean = parts.join('/') || '_';
  if (clean.length <= limits.name) return clean;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${clean.slice(0, limits.name - 9).replace(/[/ .]+$/, '')} ${hash}`;
}

/** @returns the beginning where it is too long, with an ellipsis */
export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
