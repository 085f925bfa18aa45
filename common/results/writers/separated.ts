/** CSV (RFC 4180: CRLF, quotes doubled) and TSV (text/tab-separated-values: no quotes, so no tabs or line breaks). */
import type { ResultsTable } from '../table.ts';
import { type Field, flatten } from './records.ts';

export function writeCsv(table: ResultsTable): string {
  const { header, rows } = flatten(table);
  return csvText([header, ...rows]);
}

export function writeTsv(table: ResultsTable): string {
  const { header, rows } = flatten(table);
  const line = (fields: Field[]) => fields.map((field) => plain(field).replaceAll(/[\t\r\n]+/g, ' ')).join('\t');
  return [header, ...rows].map((fields) => `${line(fields)}\n`).join('');
}

export function csvText(lines: readonly Field[][]): string {
  return lines.map((fields) => `${fields.map(quoted).join(',')}\r\n`).join('');
}

function quoted(field: Field): string {
  const text = plain(field);
  // A spreadsheet would take what begins so for a formula; numbers are none.
  const safe = typeof field === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plain(field: Field): string {
  return field === null ? '' : String(field);
}
