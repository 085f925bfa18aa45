/** The result of a job on stdout: one JSON object, or a few lines for people. */
import { isTraining, type JobKind } from '../../common/jobs/index.ts';
import { errorRecord, printJson } from './endings.ts';
import { evaluationWords } from './evaluation-words.ts';
import type { Finished } from './foreground.ts';
import type { Outcome } from './outcome.ts';
import { duration, loss, percent } from './words.ts';

export function tell(options: { json?: boolean }, record: unknown, words: string): void {
  if (options.json) printJson(record);
  else if (words) console.log(words);
}

/** Also sets the exit code. */
export function report(
  kind: JobKind,
  run: { id: string; folder: string },
  { state, failure, exitCode, elapsedSeconds }: Finished,
  outcome: Outcome,
  options: { json?: boolean },
): void {
  process.exitCode = exitCode;
  if (failure) {
    console.error(`error: ${failure.message}`);
    if (failure.cure) console.error(failure.cure);
  }
  const values = outcome.values();
  const record = { run: run.id, folder: run.folder, state, ...values, elapsedSeconds };
  const words = [...wordsOf(kind, values), `Run ${run.id}: ${state} after ${duration(elapsedSeconds * 1000)}`];
  tell(options, failure ? { ...record, error: errorRecord(failure) } : record, words.join('\n'));
}

type Values = Record<string, unknown>;

function wordsOf(kind: JobKind, values: Values): string[] {
  const number = (name: string) => (typeof values[name] === 'number' ? (values[name] as number) : undefined);
  const lines: string[] = [];
  const trained = number('loss');
  if (isTraining(kind) && trained !== undefined) {
    const hits =
      kind === 'distill'
        ? `agreement ${percent(number('agreement') ?? Number.NaN)}`
        : `acc1 ${percent(number('acc1') ?? Number.NaN)}`;
    lines.push(
      `Loss ${loss(trained)}, ${hits} after ${values.epochs} epochs, ${Math.round(number('imagesPerSecond') ?? 0)} images/s`,
    );
  }
  const knn = (kind === 'knn' ? values : values.knn) as Values | undefined;
  if (typeof knn?.bestAccuracy === 'number') {
    const levels = (['untrained', 'pixels'] as const).filter((name) => typeof knn[name] === 'number');
    const beside = levels.map((name) => `${name} ${percent(knn[name] as number)}`).join(', ');
    lines.push(`kNN ${percent(knn.bestAccuracy)} at k = ${knn.bestK}${beside && ` (${beside})`}`);
  }
  lines.push(...evaluationWords(kind, values));
  if (kind === 'dataset-demo' || kind === 'dataset-check') lines.push(...datasetWords(values));
  if (typeof values.checkpoint === 'string' && isTraining(kind)) lines.push(`Checkpoint ${values.checkpoint}`);
  return lines;
}

function datasetWords(values: Values): string[] {
  const broken = (values.broken ?? []) as { path: string; why: string }[];
  const classes = typeof values.classes === 'number' ? ` in ${values.classes} classes` : '';
  return [
    `${values.images} images${classes}${broken.length > 0 ? `, ${broken.length} broken` : ''}`,
    ...broken.map(({ path, why }) => `  ${path}: ${why}`),
  ];
}
