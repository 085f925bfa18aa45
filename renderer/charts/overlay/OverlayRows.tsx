import { ActionIcon, Anchor } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { CurveStyle } from '../../../common/charts/curve-style.ts';
import type { RunRecord } from '../../../common/records.ts';
import { type SeedGroup, seedWords } from '../../../common/results/groups.ts';
import { CurveSample } from '../CurveSample.tsx';
import styles from './Overlay.module.css';

interface OverlayRowsProps {
  groups: readonly SeedGroup[];
  looks: ReadonlyMap<string, CurveStyle>;
  expanded: ReadonlySet<string>;
  onExpand: (key: string) => void;
  selected: string | null;
  onSelect: (id: string) => void;
  /** The last value of the curve. */
  lastOf: (run: RunRecord) => string;
}

/** The curves by name: a row that is chosen here, or by a click on its curve, stands out in both. */
export function OverlayRows({ groups, looks, expanded, onExpand, selected, onSelect, lastOf }: OverlayRowsProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (selected === null) return;
    list.current?.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const row = (id: string, name: string, run: RunRecord | null, group: SeedGroup | null) => (
    <li key={id} className={styles.row} data-selected={selected === id || undefined} data-row={id}>
      {group && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Seeds of ${group.name}`}
          aria-expanded={expanded.has(group.key)}
          onClick={() => onExpand(group.key)}
        >
          {expanded.has(group.key) ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
        </ActionIcon>
      )}
      <button type="button" className={styles.name} aria-pressed={selected === id} onClick={() => onSelect(id)}>
        <CurveSample style={looks.get(group?.runs[0]?.id ?? id)!} />
        <span>{name}</span>
      </button>
      {run && <span className="numbers">{lastOf(run)}</span>}
      {run && (
        <Anchor component={Link} href={`/runs/${run.id}`} fz="xs" aria-label={`Open ${name}`}>
          Open
        </Anchor>
      )}
    </li>
  );

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
    <ul ref={list} className={`surface ${styles.rows}`} aria-label="Curves by name" tabIndex={0}>
      {groups.flatMap((group) => {
        const [only] = group.runs;
        if (group.runs.length === 1 && only) return [row(only.id, only.name, only, null)];
        const head = row(group.key, `${group.name}, ${seedWords(group)}`, null, group);
        return expanded.has(group.key) ? [head, ...group.runs.map((run) => row(run.id, run.name, run, null))] : [head];
      })}
    </ul>
  );
}
