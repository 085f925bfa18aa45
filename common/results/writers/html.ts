/** A table as a piece of HTML: what is copied as rich text, with the little style that a mail or a document keeps. */
import { inScheme } from '../../charts/curve-style.ts';
import type { ResultsTable } from '../table.ts';
import { arrows, cellMark, columnMark, footlines, headerWords, isNumeric, runLines } from './layout.ts';

const cellStyle = 'padding:4px 10px;border-bottom:1px solid #ccc';

export function writeHtml(table: ResultsTable): string {
  const { columns, rows } = table;
  const numeric = columns.map((column, index) => isNumeric(column, rows, index));
  const style = (index: number) => `${cellStyle}${numeric[index] ? ';text-align:right' : ';text-align:left'}`;
  const header = columns.map((column, index) => {
    const arrow = column.better ? ` ${arrows[column.better]}` : '';
    const words = `${escapeHtml(headerWords(column))}${arrow}${raised(columnMark(table, index))}`;
    return `<th scope="col" style="${style(index)}">${words}</th>`;
  });
  const body = rows.map(({ name, runIds, colour, cells }) => {
    const data = cells.map((cell, index) => {
      const text = escapeHtml(cell.text);
      const marked = cell.rank === 'best' ? `<b>${text}</b>` : cell.rank === 'second' ? `<u>${text}</u>` : text;
      return `<td style="${style(index)}">${marked}${raised(cellMark(table, index, cell))}</td>`;
    });
    const runs = runIds.length > 0 ? ` data-runs="${escapeHtml(runIds.join(' '))}"` : '';
    const edge = colour ? `;border-left:4px solid ${inScheme(colour, 'light')}` : '';
    const title = `<th scope="row" style="${cellStyle}${edge};text-align:left;font-weight:normal">${escapeHtml(name)}</th>`;
    return `<tr${runs}>${title}${data.join('')}</tr>`;
  });
  const foot = footlines(table).map(({ mark, text }) => `${raised(mark)}${mark && ' '}${escapeHtml(text)}`);
  const runs = runLines(rows).map(escapeHtml);
  return [
    '<table style="border-collapse:collapse">',
    `<thead><tr><th scope="col" style="${cellStyle};text-align:left">Name</th>${header.join('')}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '</table>',
    ...(foot.length > 0 ? [`<p>${foot.join('<br>')}</p>`] : []),
    ...(runs.length > 0 ? [`<p>Runs: ${runs.join('; ')}</p>`] : []),
    '',
  ].join('\n');
}

function raised(mark: string): string {
  return mark && `<sup>${mark}</sup>`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
