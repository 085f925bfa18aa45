/** The LaTeX export through a real pdfLaTeX; left out where there is none. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildTable } from '../../../common/results/table.ts';
import { writeLatex } from '../../../common/results/writers/latex.ts';
import { evaluations, published, trainings } from './sample.ts';

const whyNot = whyNoLatex();

function whyNoLatex(): string | undefined {
  try {
    execFileSync('pdflatex', ['--version'], { stdio: 'pipe' });
    execFileSync('kpsewhich', ['booktabs.sty'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'there is no pdflatex with booktabs';
  }
}

const columns = [{ field: 'config:arch' }, { field: 'best:probe/bestAccuracy' }, { field: 'last:epoch/loss' }];
const tables = {
  trainings: buildTable(trainings, { columns, filter: '', groupBySeed: true, published: false }),
  evaluations: buildTable(
    evaluations,
    { columns: [{ field: 'result:linear/top1' }], filter: '', groupBySeed: true, published: true },
    published,
    [...trainings, ...evaluations],
  ),
};

test.skipIf(whyNot)(`pdflatex makes a page of the export${whyNot ? ` (${whyNot})` : ''}`, { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'contrast-latex-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const body = Object.values(tables).map(writeLatex).join('\n');
  // The preamble is what the file itself asks for, and no more.
  const packages = [...new Set(body.match(/(?<=^% )\\usepackage.*$/gm))];
  expect(packages).toEqual(['\\usepackage{booktabs}']);
  const document = ['\\documentclass{article}', ...packages, '\\begin{document}', body, '\\end{document}'].join('\n');
  writeFileSync(join(folder, 'table.tex'), document);
  const { stdout, status } = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'table.tex'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status, stdout).toBe(0);
  expect(stdout).not.toMatch(/Missing character|[Uu]ndefined|LaTeX Error/);
  expect(readFileSync(join(folder, 'table.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
});
