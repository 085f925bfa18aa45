/** Results as one HTML file that opens anywhere, without the studio and without a network: table, curves, settings. */
import { type CurveStyle, secondCue } from '../charts/curve-style.ts';
import { givenColours, runStyles } from '../charts/run-styles.ts';
import { svgChart } from '../charts/svg-chart.ts';
import type { RunRecord, Series } from '../records.ts';
import { directionOf } from '../series.ts';
import { differingSettings } from './comparison.ts';
import type { ResultsTable } from './table.ts';
import { escapeHtml, writeHtml } from './writers/html.ts';

export interface ReportedRun {
  run: RunRecord;
  /** What repeats it without the pages. */
  command: string;
  curves: Series[];
}

/** Curves in one picture; with more of them colours and dashes would come again. */
const curvesInAChart = 20;

export function writeReport(title: string, table: ResultsTable, reported: readonly ReportedRun[]): string {
  const names = [...new Set(reported.flatMap(({ curves }) => curves.map(({ name }) => name)))].sort();
  const settings = differingSettings(reported.map(({ run }) => run));
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<h1>${escapeHtml(title)}</h1>`,
    '<h2>Results</h2>',
    `<div class="wide">${writeHtml(table)}</div>`,
    ...(names.length > 0 ? ['<h2>Curves</h2>'] : []),
    ...names.map((name) => chartsOf(name, reported)),
    ...(settings.length > 0 ? ['<h2>Settings that differ</h2>', settingsTable(reported, settings)] : []),
    '<h2>Runs</h2>',
    ...reported.map(runDetails),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const style = `
body { max-width: 1100px; margin: 32px auto; padding: 0 20px; color: #1a1d21; font: 14px/1.5 Inter, system-ui, sans-serif; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 32px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; border-bottom: 1px solid #ccc; text-align: left; }
.wide { overflow-x: auto; } svg { max-width: 100%; height: auto; margin: 0 12px 12px 0; }
pre { overflow-x: auto; padding: 10px; background: #f4f5f7; } p { font-size: 13px; }
`;

function chartsOf(name: string, reported: readonly ReportedRun[]): string {
  const drawn = reported.flatMap(({ run, curves }) => {
    const series = curves.find((curve) => curve.name === name);
    return series ? [{ run, series }] : [];
  });
  const parts = Math.ceil(drawn.length / curvesInAChart);
  return Array.from({ length: parts }, (_, part) => {
    const curves = drawn.slice(part * curvesInAChart, (part + 1) * curvesInAChart);
    const styles = runStyles(
      curves.map(({ run }) => run.id),
      'light',
      givenColours(curves.map(({ run }) => run)),
    );
    return svgChart({
      title: parts > 1 ? `${name} (${part + 1} of ${parts})` : name,
      xLabel: 'Step',
      width: 520,
      height: 300,
      curves: curves.map(({ run, series }) => ({
        label: bestWords(run, series),
        points: series.steps.map((x, i) => ({ x, y: series.values[i]! })),
        ...styleOf(styles.get(run.id)!, series),
      })),
    });
  }).join('');
}

function styleOf(style: CurveStyle, { values }: Series) {
  return { ...style, ...secondCue(style, { points: values.length, smoothed: false }) };
}

/** The name of the run, and its best value where there is such a thing. */
function bestWords({ name, best }: RunRecord, series: Series): string {
  const found = directionOf(series.name) && best[series.name];
  return found ? `${name}, best ${Number(found.value.toPrecision(4))} at epoch ${found.epoch}` : name;
}

function settingsTable(reported: readonly ReportedRun[], settings: ReturnType<typeof differingSettings>): string {
  const cells = (tag: string, words: string[]) => words.map((word) => `<${tag}>${escapeHtml(word)}</${tag}>`).join('');
  const header = cells('th', ['Run', ...settings.map(({ label }) => label)]);
  const rows = reported.map(
    ({ run }, index) => `<tr>${cells('td', [run.name, ...settings.map(({ values }) => values[index]!)])}</tr>`,
  );
  return `<div class="wide"><table><thead><tr>${header}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function runDetails({ run, command }: ReportedRun): string {
  return [
    `<details><summary>${escapeHtml(`${run.name} (${run.id}), ${run.kind}, ${run.state}`)}</summary>`,
    `<pre>${escapeHtml(command)}</pre>`,
    `<pre>${escapeHtml(JSON.stringify(run.config, null, 2))}</pre>`,
    '</details>',
  ].join('\n');
}
