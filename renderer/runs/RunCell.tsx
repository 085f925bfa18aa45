import { runValue } from '../../common/filter/run-fields.ts';
import type { RunRecord } from '../../common/records.ts';
import { cellOf, cellOfGroup } from '../../common/results/cells.ts';
import { resultsColumn } from '../../common/results/columns.ts';
import type { SeedGroup } from '../../common/results/groups.ts';
import { formatNumber } from '../../common/results/numbers.ts';
import { formatAgo, formatBytes, formatDuration, formatUtc } from '../ui/format.ts';
import { epochWords, StateCell } from './RunParts.tsx';
import styles from './Runs.module.css';
import { TagsOfRun } from './TagsOfRun.tsx';

const mostValues = 3;

/** What a run has in a field. */
export function RunCell({ run, field }: { run: RunRecord; field: string }) {
  const value = runValue(run, field);
  switch (field) {
    case 'state':
      return <StateCell run={run} />;
    case 'epoch':
      return epochWords(run, ' / ');
    case 'tag':
      return (
        <div className={styles.tags}>
          <TagsOfRun run={run} />
        </div>
      );
    case 'created':
    case 'started':
    case 'ended':
      return typeof value === 'string' ? <span title={formatUtc(value)}>{formatAgo(value)}</span> : '–';
    case 'duration':
      return typeof value === 'number' ? formatDuration(value * 1000) : '–';
    case 'size':
      return formatBytes(run.sizeBytes);
  }
  const { text } = cellOf([run], resultsColumn({ field }));
  const [, series] = /^best:(.+)$/.exec(field) ?? [];
  const best = series === undefined ? undefined : run.best[series];
  return (
    <span title={text}>
      {text || '–'}
      {best && (
        <span className={styles.small} title={`Epoch ${best.epoch}`}>
          {' '}
          @ {best.epoch}
        </span>
      )}
    </span>
  );
}

/** What the runs of a group have in a field: a mean with its interval, or the values that there are. */
export function GroupCell({ group, field }: { group: SeedGroup; field: string }) {
  const column = resultsColumn({ field });
  if (column.decimals !== null) {
    const { text } = cellOfGroup(group, column);
    return <span title={text}>{text || '–'}</span>;
  }
  const text = fieldWords(group.runs, field);
  return <span title={text}>{text}</span>;
}

function fieldWords(runs: RunRecord[], field: string): string {
  // What has no epochs has done none, not 0 of them.
  const having = field === 'epoch' ? runs.filter(({ epochs }) => epochs) : runs;
  const values = having.map((run) => runValue(run, field)).filter((value) => value !== undefined && value !== null);
  if (values.length === 0) return '–';
  if (field === 'created' || field === 'started' || field === 'ended') {
    return formatAgo(values.map(String).sort().at(-1)!);
  }
  const numbers = values.filter((value) => typeof value === 'number');
  if (field === 'duration') {
    return formatDuration((1000 * numbers.reduce((sum, value) => sum + value, 0)) / numbers.length);
  }
  const words = [...new Set(values)];
  if (words.length > 1 && numbers.length === values.length) {
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map((value) => formatNumber(value, null));
    return words.length <= mostValues ? words.join(', ') : `${least} to ${most}`;
  }
  if (field === 'state') {
    return words.map((state) => `${values.filter((value) => value === state).length} ${state}`).join(', ');
  }
  const shown = words.slice(0, mostValues).map((value) => (value === true ? 'yes' : value === false ? 'no' : value));
  const more = words.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}
