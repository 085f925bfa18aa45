import { Select } from '@mantine/core';
import { useMemo } from 'react';
import type { ComparedRow, Known } from '../../common/results/compared-rows.ts';
import { comparedRows } from '../../common/results/limits.ts';
import { publishedSets } from '../../common/results/published.ts';
import { checkpointReference, runReference, writeReference } from '../../common/results/references.ts';

interface AddRowProps {
  /** Those that are there. */
  rows: ComparedRow[];
  known: Known;
  onAdd: (reference: string) => void;
}

/** Whatever else can be compared, found by its name or id. */
export function AddRow({ rows, known, onAdd }: AddRowProps) {
  const groups = useMemo(() => offered(known), [known]);
  const taken = new Set(rows.map(({ reference }) => reference));
  const data = groups
    .map(({ group, items }) => ({ group, items: items.filter(({ value }) => !taken.has(value)) }))
    .filter(({ items }) => items.length > 0);
  const full = rows.length >= comparedRows.most;
  return (
    <Select
      size="xs"
      w={320}
      maw="100%"
      searchable
      aria-label="Add a row"
      placeholder={full ? `No more than ${comparedRows.most}` : 'Add a run, a checkpoint, a published row'}
      disabled={full || data.length === 0}
      limit={100}
      nothingFoundMessage="Nothing has this name"
      data={data}
      value={null}
      onChange={(reference) => reference && onAdd(reference)}
    />
  );
}

function offered({ runs, checkpoints, published }: Known) {
  const sets = published ? publishedSets(published) : [];
  return [
    { group: 'Runs', items: runs.map(({ id, name }) => ({ value: runReference(id), label: `${name} · ${id}` })) },
    {
      group: 'Checkpoints',
      items: checkpoints.map(({ id, name }) => ({ value: checkpointReference(id), label: `${name} · ${id}` })),
    },
    {
      group: 'Published',
      items: sets.map(({ id, numbers: [first] }) => ({
        value: writeReference({ kind: 'published', id }),
        label: `${first?.system}, ${first?.model}${first?.epochs ? `, ${first.epochs} epochs` : ''} · ${first?.source}`,
      })),
    },
  ];
}
