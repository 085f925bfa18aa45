import { Button, Group, Select } from '@mantine/core';
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { resultsColumn } from '../../common/results/columns.ts';
import { AddPointColumn } from './AddPointColumn.tsx';
import styles from './ColumnChooser.module.css';

interface Column {
  field: string;
  decimals?: number;
  width?: number;
}

interface ColumnChooserProps {
  columns: Column[];
  /** What can be added. */
  fields: string[];
  /** They were chosen; else they are those that one sees first. */
  own: boolean;
  /** An empty list goes back to those that one sees first. */
  onChange: (columns: Column[]) => void;
}

/** More are folded away: they would push the table out of sight. */
const mostShown = 24;

const icon = { size: 13, 'aria-hidden': true } as const;

/** The columns in their order: dragged, or moved by the arrows on them (and Alt + arrow keys), removed, added. */
export function ColumnChooser({ columns, fields, own, onChange }: ColumnChooserProps) {
  const dragged = useRef<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const [unfolded, setUnfolded] = useState(false);
  const shown = unfolded ? columns : columns.slice(0, mostShown);
  const offered = useMemo(() => {
    const chosen = new Set(columns.map(({ field }) => field));
    return fields
      .filter((field) => !chosen.has(field))
      .map((field) => ({ value: field, label: `${resultsColumn({ field }).label} · ${field}` }));
  }, [columns, fields]);

  function move(from: number, to: number) {
    if (to < 0 || to >= columns.length || from === to) return;
    const next = [...columns];
    next.splice(to, 0, ...next.splice(from, 1));
    change(next, to);
  }

  /** What was moved or added is in sight. */
  function change(next: Column[], place: number) {
    if (place >= mostShown) setUnfolded(true);
    onChange(next);
  }

  function add(field: string | null) {
    if (field && !columns.some((one) => one.field === field)) change([...columns, { field }], columns.length);
  }

  function drop(event: DragEvent, to: number) {
    event.preventDefault();
    if (dragged.current !== null) move(dragged.current, to);
    dragged.current = null;
    setOver(null);
  }

  function onKeyDown(event: KeyboardEvent, index: number) {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (!event.altKey || step === 0) return;
    event.preventDefault();
    const { field } = columns[index]!;
    move(index, index + step);
    // The keys stay with the column that they move.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-column="${CSS.escape(field)}"] button`)?.focus(),
    );
  }

  return (
    <Group gap="sm" role="group" aria-label="Columns">
      <ul ref={list} className={styles.columns}>
        {shown.map(({ field }, index) => {
          const { label } = resultsColumn({ field });
          return (
            <li
              key={field}
              className={styles.column}
              title={field}
              draggable
              data-column={field}
              data-over={over === index}
              onDragStart={(event) => {
                dragged.current = index;
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', field);
              }}
              onDragOver={(event) => {
                event.preventDefault();
                setOver(index);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(event) => drop(event, index)}
              onKeyDown={(event) => onKeyDown(event, index)}
            >
              {label}
              <button
                type="button"
                className={styles.act}
                aria-label={`Move ${label} to the left`}
                aria-disabled={index === 0}
                onClick={() => move(index, index - 1)}
              >
                <ChevronLeft {...icon} />
              </button>
              <button
                type="button"
                className={styles.act}
                aria-label={`Move ${label} to the right`}
                aria-disabled={index === columns.length - 1}
                onClick={() => move(index, index + 1)}
              >
                <ChevronRight {...icon} />
              </button>
              <button
                type="button"
                className={styles.act}
                aria-label={`Remove ${label}`}
                onClick={() => onChange(columns.filter((one) => one.field !== field))}
              >
                <X {...icon} />
              </button>
            </li>
          );
        })}
      </ul>
      {columns.length > mostShown && (
        <Button
          size="compact-xs"
          variant="default"
          aria-expanded={unfolded}
          onClick={() => setUnfolded((before) => !before)}
        >
          {unfolded ? 'Show fewer' : `${columns.length - mostShown} more columns`}
        </Button>
      )}
      <Select
        size="xs"
        w={220}
        searchable
        limit={100}
        aria-label="Add a column"
        placeholder="Add a column"
        nothingFoundMessage="No run has such a field"
        data={offered}
        value={null}
        onChange={add}
      />
      <AddPointColumn fields={fields} onAdd={add} />
      {own && (
        <Button size="compact-xs" variant="default" onClick={() => onChange([])}>
          Usual columns
        </Button>
      )}
    </Group>
  );
}
