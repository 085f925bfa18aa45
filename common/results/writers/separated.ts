/** CSV (RFC 4180: CRLF, quotes doubled) and TSV (text/tab-separated-values: no quotes, so no tabs or line breaks). */
import type { ResultsTable } from '../table.ts';
import { type Field, flatten } from './records.ts';

export function writeCsv(table: ResultsTable): string {
  return lines(table, (fields) => fields.map(quoted).join(','), '\r\n');
}

export function writeTsv(table: ResultsTable): string {
  return lines(table, (fields) => fields.map((field) => plain(field).replaceAll(/[\t\r\n]+/g, ' ')).join('\t'), '\n');
}

function lines(table: ResultsTable, line: (fields: Field[]) => string, end: string): string {
  const { header, rows } = flatten(table);
  return [header, ...rows].map((fields) => line(fields) + end).join('');
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
