/** A table in GitHub's Markdown. */
import type { ResultsTable } from '../table.ts';
import { arrows, cellMark, columnMark, footlines, headerWords, isNumeric, runLines } from './layout.ts';

export function writeMarkdown(table: ResultsTable): string {
  const { columns, rows } = table;
  const header = columns.map((column, index) => {
    const arrow = column.better ? ` ${arrows[column.better]}` : '';
    return `${escaped(headerWords(column))}${arrow}${raised(columnMark(table, index))}`;
  });
  const rule = columns.map((column, index) => (isNumeric(column, rows, index) ? '---:' : '---'));
  const body = rows.map(({ name, cells }) =>
    line([
      escaped(name),
      ...cells.map((cell, index) => {
        const text = escaped(cell.text);
        const marked = cell.rank === 'best' ? `**${text}**` : cell.rank === 'second' ? `<u>${text}</u>` : text;
        return `${marked}${raised(cellMark(table, index, cell))}`;
      }),
    ]),
  );
  const foot = footlines(table).map(({ mark, text }) => `${mark && `${raised(mark)} `}${escaped(text)}`);
  const runs = runLines(rows).map((text) => `  - ${escaped(text)}`);
  return [
    line(['Name', ...header]),
    line(['---', ...rule]),
    ...body,
    '',
    ...foot.flatMap((text) => [text, '']),
    ...(runs.length > 0 ? ['Runs:', '', ...runs, ''] : []),
  ].join('\n');
}

function line(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function raised(mark: string): string {
  return mark && `<sup>${mark}</sup>`;
}

/** Names are anybody's: nothing of them may be taken for a sign of Markdown or HTML. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll(/\s+/g, ' ');
}
