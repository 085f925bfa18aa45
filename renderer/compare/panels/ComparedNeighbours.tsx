import { Button, Group, SegmentedControl, Skeleton, Text, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Check, Search, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { resultOf } from '../../../common/evaluations.ts';
import { type NeighboursFile, neighboursFile } from '../../../common/neighbours.ts';
import type { RunRecord } from '../../../common/records.ts';
import type { Comparison } from '../../../common/results/comparison.ts';
import { imageUrl } from '../../run/results/image-url.ts';
import { resultFileQuery } from '../../run/results/use-result-file.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { formatCount, formatSignificant } from '../../ui/format.ts';
import { ImageTile } from '../../ui/ImageTile.tsx';
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
  const [which, setWhich] = useState<Which>('all');
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const common = useMemo(() => commonQueries(files), [files]);
  const classes = files[0]?.classes ?? [];
  const found = common.filter((query) => fits(query, which, search, classes));
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const shownPage = Math.min(page, pages - 1);
  const shown = found.slice(shownPage * pageSize, (shownPage + 1) * pageSize);

  return (
    <>
      <Group gap="sm" mb="sm">
        <SegmentedControl
          size="xs"
          aria-label="Which images"
          value={which}
          onChange={(value) => {
            setWhich(value);
            setPage(0);
          }}
          data={[
            { value: 'all', label: 'All' },
            { value: 'differ', label: 'Columns differ' },
            { value: 'wrong', label: 'Wrong somewhere' },
          ]}
        />
        <TextInput
          size="xs"
          w={240}
          aria-label="Search images"
          placeholder="Class or path"
          leftSection={<Search size={14} />}
          value={search}
          onChange={({ currentTarget }) => {
            setSearch(currentTarget.value);
            setPage(0);
          }}
        />
        <Text fz="xs" className="quiet numbers" role="status">
          {formatCount(found.length)} images
        </Text>
      </Group>
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
                {columns.map(({ row, run }, at) => (
                  <td key={row.reference}>
                    <Seen run={run} file={files[at]!} place={query.places[at]!} right={query.right[at]!} />
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
      {pages > 1 && (
        <Group gap="xs" mt="xs">
          <Button size="compact-sm" variant="default" disabled={shownPage === 0} onClick={() => setPage(shownPage - 1)}>
            Before
          </Button>
          <Text fz="sm" className="numbers" role="status">
            {shownPage + 1} of {formatCount(pages)}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            disabled={shownPage === pages - 1}
            onClick={() => setPage(shownPage + 1)}
          >
            Next
          </Button>
        </Group>
      )}
    </>
  );
}

function fits({ path, label, right }: ComparedQuery, which: Which, search: string, classes: string[]): boolean {
  if (which === 'differ' && new Set(right).size < 2) return false;
  if (which === 'wrong' && right.every(Boolean)) return false;
  const text = `${path} ${classes[label]}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
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
