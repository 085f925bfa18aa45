import { Button, Menu, TextInput } from '@mantine/core';
import { Check } from 'lucide-react';
import { useState } from 'react';
import type { RunRecord } from '../../common/records.ts';

interface TagRunsProps {
  runs: RunRecord[];
  onAdd: (tag: string) => void;
  onRemove: (tag: string) => void;
}

/** Tags of several runs: one that all of them have is taken away, any other is added to all. */
export function TagRuns({ runs, onAdd, onRemove }: TagRunsProps) {
  const [tag, setTag] = useState('');
  const counts = new Map<string, number>();
  for (const one of runs.flatMap(({ tags }) => tags)) counts.set(one, (counts.get(one) ?? 0) + 1);

  return (
    <>
      <form
        style={{ display: 'flex', gap: 6, padding: 6 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (tag.trim() === '') return;
          onAdd(tag);
          setTag('');
        }}
      >
        <TextInput
          size="xs"
          data-autofocus
          aria-label="New tag"
          placeholder="New tag"
          maxLength={40}
          value={tag}
          onChange={({ currentTarget }) => setTag(currentTarget.value)}
          onKeyDown={(event) => event.key !== 'Escape' && event.stopPropagation()}
        />
        <Button size="xs" type="submit" disabled={tag.trim() === ''}>
          Add
        </Button>
      </form>
      {[...counts]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, count]) => (
          <Menu.Item
            key={name}
            closeMenuOnClick={false}
            leftSection={count === runs.length ? <Check size={14} aria-hidden /> : <span style={{ width: 14 }} />}
            aria-label={count === runs.length ? `Remove ${name}` : `Add ${name} to all`}
            onClick={() => (count === runs.length ? onRemove(name) : onAdd(name))}
          >
            {name} {count < runs.length && `(${count} of ${runs.length})`}
          </Menu.Item>
        ))}
    </>
  );
}
