import { Anchor, Button, Group, Select, Text, Title } from '@mantine/core';
import { CirclePlay } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { GridCellView } from '../../evaluations/GridCellView.tsx';
import { RowSample } from '../RowStyles.tsx';
import styles from './Panels.module.css';
import type { MissingColumn, Panel } from './use-panel.ts';

interface PanelSectionProps {
  title: string;
  panel: Panel;
  children: ReactNode;
}

/** A panel with what it is measured by, and what is missing with a button that has it measured. */
export function PanelSection({ title, panel, children }: PanelSectionProps) {
  const { measures, chosen, choose, columns, missing, grid } = panel;
  const open = missing.flatMap(({ placed }) => (placed?.cell?.state === 'open' && !placed.refused ? [placed] : []));
  // A run and its own checkpoint may be rows both.
  const toRun = [...new Map(open.map((placed) => [placed.checkpoint.sha256, placed])).values()];
  return (
    <section aria-label={title} data-panel={title}>
      <Group justify="space-between" align="flex-end" mb="xs" gap="sm">
        <Title order={2}>{title}</Title>
        {measures.length > 1 ? (
          <Select
            size="xs"
            w={420}
            maw="100%"
            aria-label={`${title}: measured by`}
            allowDeselect={false}
            data={measures.map(({ id, label, runs }) => ({ value: id, label: `${label} (${runs.size})` }))}
            value={chosen?.id ?? null}
            onChange={(id) => id && choose(id)}
          />
        ) : (
          chosen && (
            <Text fz="sm" className="quiet">
              {chosen.label}
            </Text>
          )
        )}
      </Group>
      {columns.length > 0 && children}
      {missing.length > 0 && (
        <div className={`surface ${styles.missing}`}>
          <Group justify="space-between" gap="sm">
            <Text fz="sm">
              {chosen
                ? `Missing: ${chosen.label}, of ${missing.length} ${missing.length === 1 ? 'row' : 'rows'}.`
                : 'Nothing was measured that could be shown here.'}
            </Text>
            {toRun.length > 0 && (
              <Button
                size="compact-sm"
                leftSection={<CirclePlay size={14} aria-hidden />}
                loading={grid.launching}
                onClick={() => grid.launch(toRun)}
              >
                Measure {toRun.length}
              </Button>
            )}
            <Anchor component={Link} href="/evaluate" fz="sm" ml="auto">
              {chosen ? 'Measure in another way' : 'Evaluate'}
            </Anchor>
          </Group>
          <ul className={styles.missingRows}>
            {missing.map((one) => (
              <MissingRow key={one.row.reference} {...one} onRun={() => one.placed && grid.launch([one.placed])} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function MissingRow({ row, placed, why, onRun }: MissingColumn & { onRun: () => void }) {
  return (
    <li className={styles.missingRow}>
      <RowSample reference={row.reference} />
      <span className={styles.missingName} title={row.name}>
        {row.name}
      </span>
      <Text fz={12} className="quiet">
        {why}
      </Text>
      {placed && (
        <div className={styles.cell}>
          <GridCellView placed={placed} best={false} onRun={onRun} />
        </div>
      )}
    </li>
  );
}
