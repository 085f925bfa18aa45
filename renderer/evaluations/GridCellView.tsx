import { ActionIcon, Anchor, Button, Progress, Text, Tooltip } from '@mantine/core';
import { CirclePlay, CircleX, RotateCw } from 'lucide-react';
import { Link } from 'wouter';
import type { Headline } from '../../common/evaluations.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { formatDuration, formatPercent, formatSignificant, formatUtc } from '../ui/format.ts';
import { progressOf } from '../ui/progress.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import { Tag } from '../ui/Tag.tsx';
import styles from './Evaluate.module.css';
import type { PlacedCell } from './placed-cell.ts';

interface GridCellViewProps {
  placed: PlacedCell;
  /** The best of its column. */
  best: boolean;
  /** Runs it, or runs it again. */
  onRun: () => void;
}

export function GridCellView({ placed, best, onRun }: GridCellViewProps) {
  const { cell, refused } = placed;
  if (!cell) return <span className="quiet">…</span>;
  if (refused !== undefined && (cell.state === 'open' || cell.state === 'failed')) {
    return <Failure message={refused} onRetry={onRun} />;
  }
  switch (cell.state) {
    case 'known':
      return (
        <Anchor
          component={Link}
          href={`/runs/${cell.runId}`}
          className={styles.known}
          title={`Measured ${formatUtc(cell.measuredAt)}`}
        >
          {cell.headlines.map((headline) => (
            <span key={headline.label} className={styles.headline}>
              <b className="numbers">{valueWords(headline)}</b>
              <span className="quiet">{headline.label}</span>
            </span>
          ))}
          {cell.headlines.length === 0 && 'done'}
          {best && <Tag color="teal">best</Tag>}
        </Anchor>
      );
    case 'checking':
      return <span className="quiet">looking it up …</span>;
    case 'active':
      return <Active runId={cell.runId} />;
    case 'failed':
      return <Failure message={cell.message} runId={cell.runId} onRetry={onRun} />;
    case 'impossible':
      return (
        <Text fz={12} className={styles.problem}>
          {cell.message}
        </Text>
      );
    case 'open':
      return (
        <div className={styles.open}>
          <div>
            <Text fz="sm">to run</Text>
            <Text fz={12} className="quiet numbers">
              {cell.estimateMs === null ? 'time unknown' : `about ${formatDuration(cell.estimateMs)}`}
              {cell.changed && (
                <>
                  {' · '}
                  <Anchor component={Link} href={`/runs/${cell.changed}`} fz={12}>
                    images changed since
                  </Anchor>
                </>
              )}
            </Text>
          </div>
          <Tooltip label="Run this one">
            <ActionIcon
              variant="default"
              size={26}
              aria-label={`Run this one: ${placed.checkpoint.name}`}
              onClick={onRun}
            >
              <CirclePlay size={14} />
            </ActionIcon>
          </Tooltip>
        </div>
      );
  }
}

function Active({ runId }: { runId: string }) {
  const run = useRuns().runs.find(({ id }) => id === runId);
  if (!run) return <span className="quiet">queued</span>;
  const share = progressOf(run);
  return (
    <Link href={`/runs/${runId}`} className={styles.active}>
      <StateBadge state={run.state} />
      {run.state !== 'queued' && (
        <>
          <Progress value={(share ?? 0) * 100} size={4} my={4} aria-label={`Progress of ${run.name}`} />
          <Text fz={12} className="quiet numbers">
            {run.stage}
            {share === null ? '' : ` · ${Math.floor(share * 100)} %`}
            {run.remaining ? ` · ${formatDuration(run.remaining.expectedMs)} left` : ''}
          </Text>
        </>
      )}
    </Link>
  );
}

function Failure({ message, runId, onRetry }: { message: string; runId?: string; onRetry: () => void }) {
  return (
    <div>
      <Text fz={12} className={styles.problem} title={message}>
        <CircleX size={12} aria-label="Failed" className={styles.icon} /> {message}
      </Text>
      <div className={styles.actions}>
        <Button size="compact-xs" variant="default" leftSection={<RotateCw size={12} />} onClick={onRetry}>
          Retry
        </Button>
        {runId && (
          <Anchor component={Link} href={`/runs/${runId}/log`} fz={12}>
            Log
          </Anchor>
        )}
      </div>
    </div>
  );
}

function valueWords({ value, unit, better }: Headline): string {
  if (unit === '%') return formatPercent(value);
  return better === null ? value.toLocaleString('en-US') : formatSignificant(value, 4);
}
