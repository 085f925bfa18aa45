import { Button, Skeleton, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { ArrowDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type ConfusionFile, confusionFile } from '../../../common/confusion.ts';
import { resultOf } from '../../../common/evaluations.ts';
import type { RunRecord } from '../../../common/records.ts';
import type { Comparison } from '../../../common/results/comparison.ts';
import { formatDelta } from '../../../common/results/numbers.ts';
import type { ClassRow } from '../../run/results/classes.ts';
import bars from '../../run/results/Results.module.css';
import { resultFileQuery } from '../../run/results/use-result-file.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { formatCount, formatPercent } from '../../ui/format.ts';
import { ColumnName } from './ColumnName.tsx';
import { comparedClasses } from './compared-classes.ts';
import { PanelSection } from './PanelSection.tsx';
import styles from './Panels.module.css';
import { type PanelColumn, usePanel } from './use-panel.ts';

const hasClasses = (run: RunRecord) => typeof resultOf(run)?.values.confusion === 'string';

/** Accuracy of each class in each column, and what it lost against the baseline. */
export function ComparedClasses({ comparison: { rows, baseline } }: { comparison: Comparison }) {
  const panel = usePanel({ rows, baseline, fits: hasClasses, kind: 'knn' });
  const files = useQueries({
    queries: panel.columns.map(({ run }) => resultFileQuery(run, resultOf(run)?.values.confusion, confusionFile)),
  });
  const error = files.find((file) => file.error)?.error;
  const loaded = files.flatMap(({ data }) => data ?? []);
  return (
    <PanelSection title="Classes" panel={panel}>
      {error ? (
        <ErrorNotice title="The classes could not be read" error={error} />
      ) : loaded.length < panel.columns.length ? (
        <Skeleton height={240} aria-busy aria-label="Loading the classes" />
      ) : (
        <ClassTable columns={panel.columns} files={loaded} baseline={baseline.reference} />
      )}
    </PanelSection>
  );
}

interface ClassTableProps {
  columns: PanelColumn[];
  files: ConfusionFile[];
  /** A reference. */
  baseline: string;
}

const few = 15;

function ClassTable({ columns, files, baseline }: ClassTableProps) {
  const [sortedBy, sortBy] = useState<number | null>(null);
  const [all, setAll] = useState(false);
  const base = columns.findIndex(({ row }) => row.reference === baseline);
  const column = sortedBy !== null && sortedBy < columns.length ? sortedBy : null;
  const classes = useMemo(() => comparedClasses(files, base, column), [files, base, column]);
  const shown = all ? classes : classes.slice(0, few);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
      <div className={`surface ${styles.scroller} ${styles.many}`} tabIndex={0}>
        <table className={`${styles.table} ${styles.classes}`} aria-label="Classes of the compared rows">
          <thead>
            <tr>
              <th scope="col" className={styles.corner}>
                Class
              </th>
              {columns.map(({ row }, at) => (
                <th key={row.reference} scope="col" aria-sort={column === at ? 'descending' : undefined}>
                  <button
                    type="button"
                    className={styles.sort}
                    title={at === base ? 'The worst first' : 'The greatest drop first'}
                    onClick={() => sortBy(column === at ? null : at)}
                  >
                    <ColumnName reference={row.reference} name={row.name} isBaseline={at === base} />
                    {column === at && <ArrowDown size={11} aria-hidden />}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, images, cells }) => (
              <tr key={name} data-class={name}>
                <th scope="row">
                  {name}
                  <div className="quiet">{formatCount(images)} images</div>
                </th>
                {cells.map((cell, at) => (
                  <td key={columns[at]!.row.reference}>
                    {cell ? <ClassCell cell={cell} isBaseline={at === base} /> : <span className="quiet">–</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text fz="xs" className="quiet" mt={6}>
        {base < 0
          ? 'The worst first. The baseline has no such result, so nothing is held against it.'
          : `The class that lost most against the baseline first${column === null ? ', in any column' : ''}; the marks are the baseline. Differences are in percentage points.`}
      </Text>
      {classes.length > few && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => setAll(!all)}>
          {all ? `Only ${few}` : `All ${formatCount(classes.length)} classes`}
        </Button>
      )}
    </>
  );
}

function ClassCell({ cell: { accuracy, drop, baseline }, isBaseline }: { cell: ClassRow; isBaseline: boolean }) {
  const change = drop === null || isBaseline ? null : -drop;
  const words = change === null ? '' : formatDelta(change, 2);
  const colour = change === null || !/[1-9]/.test(words) ? '' : change > 0 ? styles.better : styles.worse;
  return (
    <>
      <div className={bars.bar} aria-hidden>
        <div className={bars.fill} style={{ width: `${accuracy}%` }} />
        {!isBaseline && baseline !== null && <div className={bars.tick} style={{ left: `${baseline}%` }} />}
      </div>
      <div className={styles.number}>
        <span>{formatPercent(accuracy)}</span>
        <span className={colour}>{words}</span>
      </div>
    </>
  );
}
