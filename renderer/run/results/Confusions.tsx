import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ConfusionFile } from '../../../common/confusion.ts';
import { formatCount } from '../../ui/format.ts';
import { ConfusionMap } from './ConfusionMap.tsx';
import { classesOf, confusedPairs, countsOf } from './classes.ts';
import { labelsAround } from './confusion-map.ts';
import styles from './Results.module.css';

const few = 12;
/** More at once would be slow: 1,000 classes may have tens of thousands of confusions. */
const more = 200;
/** As many rows and columns as can be read at once. */
const mostClasses = 14;

/** Which class is taken for which: the most frequent first, and the classes of those as a matrix. */
export function Confusions({ file }: { file: ConfusionFile }) {
  const [search, setSearch] = useState('');
  const [most, setMost] = useState(few);
  const [picked, pick] = useState<{ label: number; guess: number } | null>(null);
  const pairs = useMemo(() => confusedPairs(file, search), [file, search]);
  const countOf = useMemo(() => countsOf(file), [file]);
  const total = file.classes.length;
  const classes = picked
    ? labelsAround([picked.label, picked.guess], total, mostClasses)
    : classesOf(pairs, mostClasses);
  const shown = pairs.slice(0, most);
  const name = (label: number) => file.classes[label] ?? String(label);

  if (file.confusions.length === 0) {
    return (
      <section data-result="confusions">
        <Title order={2} mb="xs">
          Confusions
        </Title>
        <Text fz="sm" className="quiet surface" p="md">
          Every image got its own class.
        </Text>
      </section>
    );
  }
  return (
    <section data-result="confusions">
      <Title order={2} mb="xs">
        Confusions
      </Title>
      <TextInput
        size="xs"
        maw={320}
        mb="sm"
        aria-label="Search classes"
        placeholder={`Zoom in on a class among ${formatCount(file.classes.length)}`}
        leftSection={<Search size={14} />}
        value={search}
        onChange={({ currentTarget }) => {
          setSearch(currentTarget.value);
          setMost(few);
          pick(null);
        }}
      />
      <div className={styles.confusions} data-map={total > mostClasses || undefined}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
        <div className={`surface ${styles.scroller}`} tabIndex={0}>
          <table className={styles.bars}>
            <thead>
              <tr>
                <th scope="col">Class</th>
                <th scope="col">Taken for</th>
                <th scope="col" data-number>
                  Images
                </th>
                <th scope="col" data-number>
                  Of its class
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ label, guess, images, of }) => (
                <tr key={`${label}-${guess}`}>
                  <th scope="row">{name(label)}</th>
                  <td>{name(guess)}</td>
                  <td data-number>{formatCount(images)}</td>
                  <td data-number>{`${((100 * images) / of).toFixed(1)} %`}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {shown.length === 0 && (
            <Text fz="sm" className="quiet" p="sm">
              No class of these words is taken for another.
            </Text>
          )}
        </div>
        {total > mostClasses && (
          <div className={`surface ${styles.mapFrame}`}>
            <ConfusionMap file={file} shown={picked} onPick={(label, guess) => pick({ label, guess })} />
          </div>
        )}
        {classes.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
          <div className={`surface ${styles.scroller}`} tabIndex={0}>
            <table className={styles.matrix}>
              <caption>True classes in rows, predicted ones in columns: images</caption>
              <thead>
                <tr>
                  <td />
                  {classes.map((guess) => (
                    <th key={guess} scope="col" title={name(guess)}>
                      <span>{name(guess)}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {classes.map((label) => (
                  <tr key={label}>
                    <th scope="row" title={name(label)}>
                      <span>{name(label)}</span>
                    </th>
                    {classes.map((guess) => {
                      const images = countOf(label, guess);
                      return (
                        <td
                          key={guess}
                          data-right={label === guess || undefined}
                          style={{ '--share': `${(60 * images) / (file.images[label] || 1)}%` } as React.CSSProperties}
                          title={`${name(label)} taken for ${name(guess)}: ${images} of ${file.images[label]}`}
                        >
                          {images > 0 ? images : ''}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      <Group gap="xs" mt="xs">
        {pairs.length > most && (
          <Button size="compact-sm" variant="default" onClick={() => setMost(most + more)}>
            {formatCount(Math.min(more, pairs.length - most))} more of {formatCount(pairs.length)} confusions
          </Button>
        )}
        {most > few && (
          <Button size="compact-sm" variant="default" onClick={() => setMost(few)}>
            Only {few}
          </Button>
        )}
        {picked && (
          <Button size="compact-sm" variant="default" onClick={() => pick(null)}>
            The top confusions again
          </Button>
        )}
      </Group>
    </section>
  );
}
