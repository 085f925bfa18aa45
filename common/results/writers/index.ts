/** The formats in which results leave the studio. What needs a library or the curves is made in main/services. */
import type { ResultsTable } from '../table.ts';
import { writeHtml } from './html.ts';
import { writeJson } from './json.ts';
import { writeLatex } from './latex.ts';
import { writeMarkdown } from './markdown.ts';
import { writeCsv, writeTsv } from './separated.ts';

export const tableFormats = {
  csv: { title: 'CSV', extension: 'csv', mediaType: 'text/csv' },
  tsv: { title: 'TSV', extension: 'tsv', mediaType: 'text/tab-separated-values' },
  json: { title: 'JSON', extension: 'json', mediaType: 'application/json' },
  md: { title: 'Markdown', extension: 'md', mediaType: 'text/markdown' },
  latex: { title: 'LaTeX', extension: 'tex', mediaType: 'text/x-tex' },
  html: { title: 'HTML', extension: 'html', mediaType: 'text/html' },
  report: { title: 'Report of one file', extension: 'html', mediaType: 'text/html' },
  xlsx: {
    title: 'Excel',
    extension: 'xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
} as const;

export type TableFormat = keyof typeof tableFormats;
export const tableFormatNames = Object.keys(tableFormats) as TableFormat[];

export const textWriters: Record<Exclude<TableFormat, 'xlsx' | 'report'>, (table: ResultsTable) => string> = {
  csv: writeCsv,
  tsv: writeTsv,
  json: writeJson,
  md: writeMarkdown,
  latex: writeLatex,
  html: writeHtml,
};
