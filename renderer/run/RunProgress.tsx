import { Progress, Text, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { isActive, type RunRecord } from '../../common/records.ts';
import { formatCount, formatUtc } from '../ui/format.ts';
import { progressOf } from '../ui/progress.ts';
import { useNow } from '../ui/use-now.ts';
import { etaAt, etaWords } from './eta.ts';
import styles from './RunProgress.module.css';

const announceEveryMs = 60_000;

/** How far, how long still, and when it will have finished; keeps its height in every state. */
export function RunProgress({ run }: { run: RunRecord }) {
  const active = isActive(run.state);
  const now = useNow(active ? 1000 : null);
  const progress = progressOf(run);
  const eta = active && run.remaining ? etaAt(run.remaining, now) : null;
  const words = eta && etaWords(eta, new Date(now));
  const percent = progress === null ? '' : `${(progress * 100).toFixed(progress < 1 ? 1 : 0)} %`;
  const spoken = useAnnouncement(
    active ? `${run.stage} ${percent}${words ? `, about ${words.left} left` : ''}` : `The run is ${run.state}.`,
    run.state,
  );

  return (
    <div>
      <Progress
        size={6}
        value={(progress ?? 0) * 100}
        color={run.state === 'failed' ? 'red' : run.state === 'finished' ? 'teal' : undefined}
        striped={active && progress === null}
        animated={active && progress === null}
        aria-label="Progress of the run"
      />
      <div className={styles.words}>
        <Text fz="sm" className="quiet numbers">
          {[percent, countWords(run), active ? run.stage : null].filter(Boolean).join(' · ')}
        </Text>
        {words && eta ? (
          <Text fz="sm" className="numbers">
            <b style={{ fontWeight: 600 }}>{words.left}</b> left
            {words.range && <span className="quiet"> ({words.range})</span>}
            <span className="quiet" title={formatUtc(eta.finishesAt)}>
              {' '}
              · done at {words.finish}
            </span>
          </Text>
        ) : (
          active && (
            <Text fz="sm" className="quiet">
              {run.state === 'running' ? 'Measuring the time left' : ''}
            </Text>
          )
        )}
      </div>
      <VisuallyHidden role="status" aria-live="polite">
        {spoken}
      </VisuallyHidden>
    </div>
  );
}

function countWords({ step, totalSteps, progress, state }: RunRecord): string | null {
  if (totalSteps && (step > 0 || state !== 'preparing'))
    return `step ${formatCount(step)} of ${formatCount(totalSteps)}`;
  if (progress?.total) return `${formatCount(progress.done)} of ${formatCount(progress.total)}`;
  return null;
}

/** The text at most once a minute, and at once when the state changes: a screen reader is not talked over. */
function useAnnouncement(text: string, state: string): string {
  const [spoken, setSpoken] = useState(text);
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    setSpoken(latest.current);
    const timer = setInterval(() => setSpoken(latest.current), announceEveryMs);
    return () => clearInterval(timer);
  }, [state]);
  return spoken;
}
