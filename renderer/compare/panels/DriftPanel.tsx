import { Anchor, Button, Group, NumberInput, Select, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { CirclePlay, RotateCw } from 'lucide-react';
import { type CSSProperties, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { CheckpointSummary } from '../../../common/checkpoints.ts';
import { driftConfig } from '../../../common/jobs/drift.ts';
import type { Comparison } from '../../../common/results/comparison.ts';
import { useTRPCClient } from '../../api/client.ts';
import { showError } from '../../api/errors.ts';
import { useRuns } from '../../api/RunsProvider.tsx';
import { formatCount, formatPercent } from '../../ui/format.ts';
import { progressOf } from '../../ui/progress.ts';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { ColumnName } from './ColumnName.tsx';
import { type DriftCell, type DriftMeasure, driftCell, driftMeasureOf, driftRuns } from './drift-pairs.ts';
import styles from './Panels.module.css';
import { firstMeasure, folderName } from './panel-measures.ts';

type Pair = [number, number];

const usualNeighbours = driftConfig.shape.neighbours.parse(undefined);

/** How alike the nets see the same images: linear CKA, and how many of the nearest images they agree on. */
export function DriftPanel({ comparison: { rows, baseline } }: { comparison: Comparison }) {
  const { runs } = useRuns();
  const [chosenId, choose] = useState<string | null>(null);
  const nets = useMemo(() => distinctNets(rows), [rows]);
  const checkpoints = useMemo(() => nets.map(({ checkpoint }) => checkpoint), [nets]);
  const found = useMemo(() => driftRuns(runs, checkpoints), [runs, checkpoints]);
  const measures = useMemo(() => measuresOf(found, rows), [found, rows]);
  const [neighbours, setNeighbours] = useState<number | null>(null);
  const known = measures.find(({ id }) => id === chosenId) ?? measures[0];
  const chosen = known && neighbours !== null ? driftMeasureOf({ ...known.config, neighbours }) : known;
  const { launch, launching } = useDriftLaunch(checkpoints, chosen);
  if (nets.length < 2) return null;

  const cellAt = (pair: Pair): DriftCell => (chosen ? driftCell(found, checkpoints, pair, chosen) : { state: 'open' });
  const pairs = checkpoints.flatMap((_, left) =>
    checkpoints.slice(left + 1).map((_other, more): Pair => [left, left + 1 + more]),
  );
  const open = pairs.filter((pair) => cellAt(pair).state === 'open');
  const results = pairs.map(cellAt).flatMap((cell) => (cell.state === 'known' ? [cell.result] : []));

  return (
    <section aria-label="Representation drift" data-panel="Representation drift">
      <Group justify="space-between" align="flex-end" mb="xs" gap="sm">
        <Title order={2}>Representation drift</Title>
        {measures.length > 1 ? (
          <Select
            size="xs"
            w={420}
            maw="100%"
            aria-label="Representation drift: measured by"
            allowDeselect={false}
            data={measures.map((measure) => ({ value: measure.id, label: labelOf(measure) }))}
            value={chosen?.id ?? null}
            onChange={(id) => {
              choose(id);
              setNeighbours(null);
            }}
          />
        ) : (
          chosen && (
            <Text fz="sm" className="quiet" ml="auto">
              {labelOf(chosen)}
            </Text>
          )
        )}
        <NumberInput
          size="xs"
          w={150}
          aria-label="Neighbours whose overlap is measured"
          suffix=" neighbours"
          min={1}
          max={1000}
          allowDecimal={false}
          value={Number(chosen?.config.neighbours ?? usualNeighbours)}
          onChange={(value) => typeof value === 'number' && value >= 1 && setNeighbours(value)}
        />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
      <div className={`surface ${styles.scroller}`} tabIndex={0}>
        <table className={`${styles.table} ${styles.matrix}`} aria-label="Drift between the compared rows">
          <thead>
            <tr>
              <th scope="col" className={styles.corner}>
                Checkpoint
              </th>
              {nets.map(({ name, reference }) => (
                <th key={reference} scope="col">
                  <ColumnName reference={reference} name={name} isBaseline={reference === baseline.reference} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {nets.map(({ name, reference }, left) => (
              <tr key={reference}>
                <th scope="row">
                  <ColumnName reference={reference} name={name} isBaseline={reference === baseline.reference} />
                </th>
                {nets.map((other, right) => (
                  <Cell
                    key={other.reference}
                    cell={left === right ? null : cellAt([left, right])}
                    onRetry={() => launch([[left, right]])}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Group justify="space-between" gap="sm" mt={6}>
        <Text fz="xs" className="quiet" maw={760}>
          Linear CKA is 1 where features are the same up to rotation and scale. The overlap is the share of the nearest
          images that both nets agree on.{footWords(results)}
        </Text>
        {open.length > 0 && chosen && (
          <Button
            size="compact-sm"
            leftSection={<CirclePlay size={14} aria-hidden />}
            loading={launching}
            onClick={() => launch(open)}
          >
            Measure {open.length} {open.length === 1 ? 'pair' : 'pairs'}
          </Button>
        )}
        {!chosen && (
          <Text fz="sm">
            No row says which images it was trained on: run "Representation drift" with a folder of yours.
          </Text>
        )}
      </Group>
    </section>
  );
}

interface Net {
  reference: string;
  name: string;
  checkpoint: CheckpointSummary;
}

/** A run and its own checkpoint may be rows both: the same weights are one line of the matrix. */
function distinctNets(rows: Comparison['rows']): Net[] {
  const nets = new Map<string, Net>();
  rows.forEach(({ reference, name, checkpoint }) => {
    if (!checkpoint || nets.has(checkpoint.sha256)) return;
    nets.set(checkpoint.sha256, { reference, name, checkpoint });
  });
  return [...nets.values()];
}

function measuresOf(found: ReturnType<typeof driftRuns>, rows: Comparison['rows']): DriftMeasure[] {
  const measures = new Map(found.map(({ config }) => driftMeasureOf(config)).map((one) => [one.id, one]));
  if (measures.size > 0) return [...measures.values()];
  const first = firstMeasure(rows, 'drift');
  return first ? [driftMeasureOf(first.measure.config)] : [];
}

function labelOf({ config: { data, split, neighbours } }: DriftMeasure): string {
  return [folderName(String(data)), split ? String(split) : '', `${neighbours ?? usualNeighbours} neighbours`]
    .filter(Boolean)
    .join(', ');
}

/** How many images the numbers are of. */
function footWords(results: { images: number; queries: number; run: { config: Record<string, unknown> } }[]): string {
  const [first] = results;
  if (!first) return '';
  const counts = [...new Set(results.map(({ images }) => images))];
  const images = counts.map(formatCount).join(' or ');
  return ` Of ${images} images of ${folderName(String(first.run.config.data))}, neighbours of ${formatCount(first.queries)} of them.`;
}

function Cell({ cell, onRetry }: { cell: DriftCell | null; onRetry: () => void }) {
  if (!cell) return <td className="quiet">the same</td>;
  switch (cell.state) {
    case 'known': {
      const { cka, overlap, run } = cell.result;
      return (
        <td className={styles.drift} style={{ '--share': `${Math.max(0, Math.min(1, cka)) * 35}%` } as CSSProperties}>
          <Anchor component={Link} href={`/runs/${run.id}`} className={styles.driftLink}>
            <span>CKA {cka.toFixed(4)}</span>
            <span>overlap {formatPercent(overlap * 100)}</span>
          </Anchor>
        </td>
      );
    }
    case 'active': {
      const share = progressOf(cell.run);
      return (
        <td>
          <Anchor component={Link} href={`/runs/${cell.run.id}`} fz={12}>
            <StateBadge state={cell.run.state} />
            {share === null ? '' : ` ${Math.floor(share * 100)} %`}
          </Anchor>
        </td>
      );
    }
    case 'failed':
      return (
        <td>
          <Text fz={12} className={styles.worse} mb={4}>
            {cell.message}
          </Text>
          <Anchor component={Link} href={`/runs/${cell.run.id}/log`} fz={12}>
            Log
          </Anchor>
          <Button
            ml={6}
            size="compact-xs"
            variant="default"
            leftSection={<RotateCw size={12} aria-hidden />}
            onClick={onRetry}
          >
            Retry
          </Button>
        </td>
      );
    case 'open':
      return <td className="quiet">not measured</td>;
  }
}

/** Queues a run for each pair. */
function useDriftLaunch(checkpoints: CheckpointSummary[], measure: DriftMeasure | undefined) {
  const client = useTRPCClient();
  const mutation = useMutation({
    async mutationFn(pairs: Pair[]) {
      for (const [left, right] of pairs) {
        const [one, other] = [checkpoints[left]!, checkpoints[right]!];
        const config = { ...measure?.config, pretrained: one.location, against: other.location };
        const name = `Drift: ${one.name}, ${other.name}`.slice(0, 200);
        await client.runs.launch.mutate({ kind: 'drift', config, name });
      }
    },
    onError: (thrown) => showError('The drift could not be measured', thrown),
  });
  return { launch: (pairs: Pair[]) => mutation.mutate(pairs), launching: mutation.isPending };
}
