import { Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import type { NeighboursFile } from '../../../common/neighbours.ts';
import type { RunRecord } from '../../../common/records.ts';
import { formatSignificant } from '../../ui/format.ts';
import { ImageTile } from '../../ui/ImageTile.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { hasWords, ImageFilter } from './ImageFilter.tsx';
import { imageUrl } from './image-url.ts';
import styles from './Results.module.css';
import { pageOf, useFilteredPages } from './use-filtered-pages.ts';

export interface WallSide {
  run: RunRecord;
  file: NeighboursFile;
}

interface NeighbourWallProps {
  own: WallSide;
  /** Shown beside it, for the same images; below where there is no room. */
  other: WallSide | undefined;
}

type Which = 'all' | 'wrong' | 'right';

const choices: { value: Which; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'wrong', label: 'Wrong' },
  { value: 'right', label: 'Right' },
];

const pageSize = 8;

/** Each image with its nearest ones: what the net takes for alike. */
export function NeighbourWall({ own, other }: NeighbourWallProps) {
  const { which, search, page, setPage, onWhich, onSearch } = useFilteredPages<Which>('all');
  const found = useMemo(() => queriesOf(own.file, which, search), [own.file, which, search]);
  const places = useMemo(() => other && new Map(other.file.queries.paths.map((path, at) => [path, at])), [other]);
  const { pages, at, shown } = pageOf(found, page, pageSize);

  return (
    <section data-result="neighbours">
      <Title order={2} mb="xs">
        Nearest neighbours
      </Title>
      <ImageFilter
        choices={choices}
        which={which}
        onWhich={onWhich}
        search={search}
        onSearch={onSearch}
        found={found.length}
      />
      <div className={`surface ${styles.wall}`}>
        {shown.map((query) => {
          const path = own.file.queries.paths[query]!;
          const elsewhere = places?.get(path);
          return (
            <article key={path} className={styles.query} data-beside={other && true} aria-label={path}>
              <Row side={own} query={query} named={other !== undefined} />
              {other && elsewhere !== undefined && <Row side={other} query={elsewhere} named />}
            </article>
          );
        })}
        {shown.length === 0 && (
          <Text fz="sm" className="quiet" p="md">
            No image fits.
          </Text>
        )}
      </div>
      <Pager page={at} pages={pages} onPage={setPage} />
    </section>
  );
}

/** One image, the class it was given, and its neighbours as one checkpoint sees them. */
function Row({ side: { run, file }, query, named }: { side: WallSide; query: number; named: boolean }) {
  const { classes, k, queries, bank, indices, distances } = file;
  const label = queries.labels[query]!;
  const predicted = queries.predicted[query]!;
  const source = (path: string) => imageUrl(run, path, file.root);
  const places = Array.from({ length: k }, (_, place) => query * k + place);
  const right = predicted === label;
  return (
    <div className={styles.row}>
      {named && (
        <Text fz={12} className={`quiet ${styles.side}`} title={run.name}>
          {run.name} · {run.id}
        </Text>
      )}
      <ImageTile
        source={source(queries.paths[query]!)}
        path={queries.paths[query]!}
        words={classes[label] ?? ''}
        note={`taken for ${classes[predicted] ?? predicted}`}
        right={right}
        large
      />
      <div className={styles.neighbours}>
        {places.map((place) => {
          const at = indices[place]!;
          const its = bank.labels[at]!;
          return (
            <ImageTile
              key={place}
              source={source(bank.paths[at]!)}
              path={bank.paths[at]!}
              words={classes[its] ?? ''}
              note={`at ${formatSignificant(distances[place])}`}
              right={its === label}
            />
          );
        })}
      </div>
    </div>
  );
}

function queriesOf({ queries, classes }: NeighboursFile, which: Which, search: string): number[] {
  return queries.paths.flatMap((path, query) => {
    const label = queries.labels[query]!;
    if (which !== 'all' && (queries.predicted[query] === label) !== (which === 'right')) return [];
    return hasWords(search, path, classes[label]) ? [query] : [];
  });
}
