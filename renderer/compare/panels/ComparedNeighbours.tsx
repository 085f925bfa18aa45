import { Skeleton, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useMemo } from 'react';
import { resultOf } from '../../../common/evaluations.ts';
import { type NeighboursFile, neighboursFile } from '../../../common/neighbours.ts';
import type { RunRecord } from '../../../common/records.ts';
import type { Comparison } from '../../../common/results/comparison.ts';
import { hasWords, ImageFilter } from '../../run/results/ImageFilter.tsx';
import { imageUrl } from '../../run/results/image-url.ts';
import { pageOf, useFilteredPages } from '../../run/results/use-filtered-pages.ts';
import { resultFileQuery } from '../../run/results/use-result-file.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { formatSignificant } from '../../ui/format.ts';
import { ImageTile } from '../../ui/ImageTile.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { ColumnName } from './ColumnName.tsx';
import { type ComparedQuery, commonQueries } from './compared-classes.ts';
import { PanelSection } from './PanelSection.tsx';
import styles from './Panels.module.css';
import { type PanelColumn, usePanel } from './use-panel.ts';

const hasNeighbours = (run: RunRecord) => typeof resultOf(run)?.values.neighbours === 'string';

/** The same images in every column, each with what the net of the column takes for alike. */
export function ComparedNeighbours({ comparison: { rows, baseline } }: { comparison: Comparison }) {
  const panel = usePanel({ rows, baseline, fits: hasNeighbours, kind: 'knn' });
  const files = useQueries({
    queries: panel.columns.map(({ run }) => resultFileQuery(run, resultOf(run)?.values.neighbours, neighboursFile)),
  });
  const error = files.find((file) => file.error)?.error;
  const loaded = files.flatMap(({ data }) => data ?? []);
  return (
    <PanelSection title="Nearest neighbours" panel={panel}>
      {error ? (
        <ErrorNotice title="The neighbours could not be read" error={error} />
      ) : loaded.length < panel.columns.length ? (
        <Skeleton height={240} aria-busy aria-label="Loading the neighbours" />
      ) : (
        <Wall columns={panel.columns} files={loaded} baseline={baseline.reference} />
      )}
    </PanelSection>
  );
}

type Which = 'all' | 'differ' | 'wrong';

const choices: { value: Which; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'differ', label: 'Columns differ' },
  { value: 'wrong', label: 'Wrong somewhere' },
];

const pageSize = 5;
/** As many of each as fit beside one another. */
const mostNeighbours = 6;

interface WallProps {
  columns: PanelColumn[];
  files: NeighboursFile[];
  /** A reference. */
  baseline: string;
}

function Wall({ columns, files, baseline }: WallProps) {
  const { which, search, page, setPage, onWhich, onSearch } = useFilteredPages<Which>('all');
  const common = useMemo(() => commonQueries(files), [files]);
  const classes = files[0]?.classes ?? [];
  const found = common.filter((query) => fits(query, which, search, classes));
  const { pages, at, shown } = pageOf(found, page, pageSize);

  return (
    <>
      <ImageFilter
        choices={choices}
        which={which}
        onWhich={onWhich}
        search={search}
        onSearch={onSearch}
        found={found.length}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
      <div className={`surface ${styles.scroller}`} tabIndex={0}>
        <table className={`${styles.table} ${styles.neighbours}`} aria-label="Neighbours of the compared rows">
          <thead>
            <tr>
              <th scope="col" className={styles.corner}>
                Image
              </th>
              {columns.map(({ row }) => (
                <th key={row.reference} scope="col">
                  <ColumnName reference={row.reference} name={row.name} isBaseline={row.reference === baseline} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((query) => (
              <tr key={query.path} data-image={query.path}>
                <th scope="row">
                  <ImageTile
                    source={imageUrl(columns[0]!.run, query.path, files[0]!.root)}
                    path={query.path}
                    words={classes[query.label] ?? ''}
                    note={query.path.slice(query.path.lastIndexOf('/') + 1)}
                    right={null}
                  />
                </th>
                {columns.map(({ row, run }, column) => (
                  <td key={row.reference}>
                    <Seen run={run} file={files[column]!} place={query.places[column]!} right={query.right[column]!} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && (
          <Text fz="sm" className="quiet" p="md">
            {common.length === 0 ? 'The columns have no image in common.' : 'No image fits.'}
          </Text>
        )}
      </div>
      <Pager page={at} pages={pages} onPage={setPage} />
    </>
  );
}

function fits({ path, label, right }: ComparedQuery, which: Which, search: string, classes: string[]): boolean {
  if (which === 'differ' && new Set(right).size < 2) return false;
  if (which === 'wrong' && right.every(Boolean)) return false;
  return hasWords(search, path, classes[label]);
}

interface SeenProps {
  run: RunRecord;
  file: NeighboursFile;
  /** Of the image among the queries. */
  place: number;
  right: boolean;
}

/** What one net takes an image for, and its nearest ones. */
function Seen({ run, file: { classes, k, queries, bank, indices, distances, root }, place, right }: SeenProps) {
  const label = queries.labels[place]!;
  const predicted = queries.predicted[place]!;
  const shown = Array.from({ length: Math.min(k, mostNeighbours) }, (_, nearest) => place * k + nearest);
  const Mark = right ? Check : X;
  return (
    <>
      <div className={`${styles.verdict} ${right ? styles.better : styles.worse}`}>
        <Mark size={13} aria-label={right ? 'right' : 'wrong'} />
        taken for {classes[predicted] ?? predicted}
      </div>
      <div className={styles.tiles}>
        {shown.map((at) => {
          const neighbour = indices[at]!;
          const its = bank.labels[neighbour]!;
          return (
            <ImageTile
              key={at}
              source={imageUrl(run, bank.paths[neighbour]!, root)}
              path={bank.paths[neighbour]!}
              words={classes[its] ?? ''}
              note={formatSignificant(distances[at])}
              right={its === label}
            />
          );
        })}
      </div>
    </>
  );
}
