import { Button, Group, SegmentedControl, Text, TextInput, Title } from '@mantine/core';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { NeighboursFile } from '../../../common/neighbours.ts';
import type { RunRecord } from '../../../common/records.ts';
import { formatCount, formatSignificant } from '../../ui/format.ts';
import { ImageTile } from '../../ui/ImageTile.tsx';
import { imageUrl } from './image-url.ts';
import styles from './Results.module.css';

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

const pageSize = 8;

/** Each image with its nearest ones: what the net takes for alike. */
export function NeighbourWall({ own, other }: NeighbourWallProps) {
  const [which, setWhich] = useState<Which>('all');
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const found = useMemo(() => queriesOf(own.file, which, search), [own.file, which, search]);
  const places = useMemo(() => other && new Map(other.file.queries.paths.map((path, at) => [path, at])), [other]);
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const shownPage = Math.min(page, pages - 1);
  const shown = found.slice(shownPage * pageSize, (shownPage + 1) * pageSize);

  return (
    <section data-result="neighbours">
      <Title order={2} mb="xs">
        Nearest neighbours
      </Title>
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
            { value: 'wrong', label: 'Wrong' },
            { value: 'right', label: 'Right' },
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
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return queries.paths.flatMap((path, query) => {
    const label = queries.labels[query]!;
    if (which !== 'all' && (queries.predicted[query] === label) !== (which === 'right')) return [];
    const text = `${path} ${classes[label]}`.toLowerCase();
    return words.every((word) => text.includes(word)) ? [query] : [];
  });
}
