/** A table for a paper: booktabs, bold best, underlined second, the protocols below. Runs as with pdfLaTeX and UTF-8. */
import type { ResultsTable } from '../table.ts';
import { cellMark, columnMark, footlines, headerWords, isNumeric, runLines } from './layout.ts';

const arrows = { maximum: '$\\uparrow$', minimum: '$\\downarrow$' } as const;

export function writeLatex(table: ResultsTable): string {
  const { columns, rows } = table;
  const alignment = columns.map((column, index) => (isNumeric(column, rows, index) ? 'r' : 'l'));
  const header = columns.map((column, index) => {
    const arrow = column.better ? ` ${arrows[column.better]}` : '';
    return `${escaped(headerWords(column))}${arrow}${raised(columnMark(table, index))}`;
  });
  const firstPublished = rows.findIndex(({ published }) => published);
  const body = rows.flatMap(({ name, cells }, place) => {
    const words = cells.map((cell, index) => {
      const text = escaped(cell.text);
      const marked =
        cell.rank === 'best' ? `\\textbf{${text}}` : cell.rank === 'second' ? `\\underline{${text}}` : text;
      return `${marked}${raised(cellMark(table, index, cell))}`;
    });
    const row = `    ${[escaped(name), ...words].join(' & ')} \\\\`;
    return place === firstPublished && place > 0 ? ['    \\midrule', row] : [row];
  });
  const foot = footlines(table).map(({ mark, text }) => `  ${mark && `${raised(mark)} `}${escaped(text)}\\\\`);
  return [
    '% \\usepackage{booktabs}',
    ...runLines(rows).map((text) => `% ${text.replaceAll(/\s+/g, ' ')}`),
    '\\begin{table}',
    '  \\centering',
    `  \\begin{tabular}{l${alignment.join('')}}`,
    '    \\toprule',
    `    ${['Name', ...header].join(' & ')} \\\\`,
    '    \\midrule',
    ...body,
    '    \\bottomrule',
    '  \\end{tabular}',
    ...(foot.length > 0 ? ['', '  \\medskip', '  \\footnotesize', '  \\raggedright', ...foot] : []),
    '\\end{table}',
    '',
  ].join('\n');
}

function raised(mark: string): string {
  return mark && `\\textsuperscript{${mark}}`;
}

const signs: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedblright{}',
  '−': '$-$',
  '±': '$\\pm$',
  '∞': '$\\infty$',
  '→': '$\\rightarrow$',
  '×': '$\\times$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '·': '$\\cdot$',
  '…': '\\ldots{}',
};

/** Names are anybody's: nothing of them may be taken for a command. */
function escaped(text: string): string {
  return text.replaceAll(/[\\{}$&#%_^~<>|"−±∞→×≤≥·…]/g, (sign) => signs[sign]!).replaceAll(/\s+/g, ' ');
}
