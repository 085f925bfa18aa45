import { ActionIcon, Anchor, Button, Tooltip, UnstyledButton } from '@mantine/core';
import { ArrowDown, ArrowUp, Eye, EyeOff, X } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { Link } from 'wouter';
import type { ComparedRow, Known } from '../../common/results/compared-rows.ts';
import type { Compared } from '../../common/results/references.ts';
import { AddRow } from './AddRow.tsx';
import styles from './Compare.module.css';
import { RowSample } from './RowStyles.tsx';

interface ComparedRowsProps {
  rows: ComparedRow[];
  known: Known;
  baseline: string | undefined;
  hidden: ReadonlySet<string>;
  onToggle: (reference: string) => void;
  /** The row whose curves stand out; a click on a curve does the same. */
  highlighted: string | null;
  onHighlight: (reference: string) => void;
  onChange: (compared: Compared) => void;
}

/** The rows with their colours, which are those of every chart below; their order, what is the baseline, others to add. */
export function ComparedRows(props: ComparedRowsProps) {
  const { rows, known, baseline, hidden, onToggle, highlighted, onHighlight, onChange } = props;
  const list = useRef<HTMLUListElement>(null);
  const references = rows.map(({ reference }) => reference);

  function move(from: number, to: number) {
    const reference = references[from];
    if (reference === undefined || to < 0 || to >= references.length) return;
    const order = references.toSpliced(from, 1).toSpliced(to, 0, reference);
    // The baseline stays what it was, also where it was the first and nobody had to name it.
    onChange({ rows: order, baseline });
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(reference)}"]`)?.focus(),
    );
  }

  return (
    <section aria-label="Compared rows" className={`surface ${styles.rows}`}>
      <ul className={styles.list} ref={list}>
        {rows.map((row, index) => (
          <RowLine
            key={row.reference}
            {...{ row, index, baseline, hidden, highlighted, onToggle, onHighlight }}
            count={rows.length}
            onMove={(by) => move(index, index + by)}
            onBaseline={() => onChange({ rows: references, baseline: row.reference })}
            onRemove={() =>
              onChange({
                rows: references.filter((one) => one !== row.reference),
                baseline: row.reference === baseline ? undefined : baseline,
              })
            }
          />
        ))}
      </ul>
      <AddRow rows={rows} known={known} onAdd={(added) => onChange({ rows: [...references, added], baseline })} />
    </section>
  );
}

interface RowLineProps
  extends Pick<ComparedRowsProps, 'baseline' | 'hidden' | 'highlighted' | 'onToggle' | 'onHighlight'> {
  row: ComparedRow;
  index: number;
  count: number;
  onMove: (by: number) => void;
  onBaseline: () => void;
  onRemove: () => void;
}

const icon = { size: 14, 'aria-hidden': true } as const;
const quiet = { variant: 'subtle', color: 'gray', size: 'sm' } as const;

function RowLine(props: RowLineProps) {
  const { row, index, count, baseline, hidden, highlighted, onToggle, onHighlight, onMove, onBaseline, onRemove } =
    props;
  const { reference, name, detail, run } = row;
  const isHidden = hidden.has(reference);
  const href = hrefOf(row);

  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey) return;
    event.preventDefault();
    onMove(by);
  }

  return (
    <li
      className={styles.row}
      data-row={reference}
      data-highlighted={reference === highlighted || undefined}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <UnstyledButton
        aria-label={`Highlight ${name}`}
        aria-pressed={reference === highlighted}
        title="Make its curves stand out"
        className={styles.pick}
        onClick={() => onHighlight(reference)}
      >
        <RowSample reference={reference} />
      </UnstyledButton>
      <div className={styles.names}>
        {href ? (
          <Anchor component={Link} href={href} fz="sm" className={styles.name} title={name}>
            {name}
          </Anchor>
        ) : (
          <span className={styles.name} title={name}>
            {name}
          </span>
        )}
        <span className={`quiet ${styles.detail}`} title={detail}>
          {detail}
        </span>
      </div>
      {reference === baseline ? (
        <span className={styles.baseline}>baseline</span>
      ) : (
        <Button size="compact-xs" variant="default" onClick={onBaseline}>
          Make baseline
        </Button>
      )}
      {run && (
        <Tooltip label={isHidden ? 'Show its curves' : 'Hide its curves'}>
          <ActionIcon
            {...quiet}
            aria-label={`Curves of ${name}`}
            aria-pressed={!isHidden}
            onClick={() => onToggle(reference)}
          >
            {isHidden ? <EyeOff {...icon} /> : <Eye {...icon} />}
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label="Up (Alt ↑)">
        <ActionIcon {...quiet} aria-label={`Move ${name} up`} disabled={index === 0} onClick={() => onMove(-1)}>
          <ArrowUp {...icon} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Down (Alt ↓)">
        <ActionIcon
          {...quiet}
          aria-label={`Move ${name} down`}
          disabled={index === count - 1}
          onClick={() => onMove(1)}
        >
          <ArrowDown {...icon} />
        </ActionIcon>
      </Tooltip>
      <ActionIcon {...quiet} aria-label={`Take out ${name}`} onClick={onRemove}>
        <X {...icon} />
      </ActionIcon>
    </li>
  );
}

function hrefOf({ kind, run, checkpoint }: ComparedRow): string | null {
  if (kind === 'checkpoint' && checkpoint) return `/checkpoints/${checkpoint.id}`;
  return run ? `/runs/${run.id}` : null;
}
