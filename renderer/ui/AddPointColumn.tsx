import { Button, Group, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import { resultsColumn } from '../../common/results/columns.ts';

const kinds = [
  { value: 'at', label: 'at epoch' },
  { value: 'mean', label: 'mean of the last' },
];

interface AddPointColumnProps {
  fields: readonly string[];
  onAdd: (field: string) => void;
}

/** A column of what a curve has at an epoch, or of the mean of its last points. */
export function AddPointColumn({ fields, onAdd }: AddPointColumnProps) {
  const curves = fields.filter((field) => field.startsWith('last:'));
  const [curve, setCurve] = useState<string | null>(null);
  const [kind, setKind] = useState('at');
  const [number, setNumber] = useState(10);
  if (curves.length === 0) return null;
  return (
    <Group gap={6} role="group" aria-label="A column from a curve">
      <Select
        size="xs"
        w={200}
        searchable
        limit={100}
        aria-label="Curve"
        placeholder="Or a curve …"
        nothingFoundMessage="No run has such a curve"
        data={curves.map((field) => ({
          value: field.slice('last:'.length),
          label: `${resultsColumn({ field }).label.replace(/ \(last .*$/, '')} · ${field.slice('last:'.length)}`,
        }))}
        value={curve}
        onChange={setCurve}
      />
      {curve && (
        <>
          <Select
            size="xs"
            w={140}
            allowDeselect={false}
            aria-label="Which of its points"
            data={kinds}
            value={kind}
            onChange={(next) => next && setKind(next)}
          />
          <NumberInput
            size="xs"
            w={80}
            min={1}
            max={9_999_999}
            allowDecimal={false}
            aria-label={kind === 'at' ? 'Epoch' : 'Number of points'}
            value={number}
            onChange={(next) => typeof next === 'number' && setNumber(next)}
          />
          <Button
            size="xs"
            variant="default"
            disabled={number < 1}
            onClick={() => {
              onAdd(`${kind}${number}:${curve}`);
              setCurve(null);
            }}
          >
            Add
          </Button>
        </>
      )}
    </Group>
  );
}
