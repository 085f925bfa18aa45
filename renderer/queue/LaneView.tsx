import { Anchor, Group, Text, Title } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import type { QueueState } from '../../common/updates.ts';
import { RunProgress } from '../run/RunProgress.tsx';
import { StateBadge } from '../ui/StateBadge.tsx';
import { type Lane, placeInQueue } from './lanes.ts';
import styles from './Queue.module.css';
import { QueueRow } from './QueueRow.tsx';
import type { LaneTimes } from './queue-times.ts';
import { laneWords, runWords } from './queue-words.ts';
import type { Queue } from './use-queue.tsx';

const deviceWords = { gpu: 'GPU', cpu: 'Processor' };

interface LaneViewProps {
  lane: Lane;
  times: LaneTimes;
  state: QueueState;
  queue: Queue;
  /** Where a run is now, to be read out. */
  onMoved: (words: string) => void;
}

/** A device: what it computes, and what waits for it. Rows are dragged, or moved by Alt and the arrow keys. */
export function LaneView({ lane: { device, active, waiting }, times, state, queue, onMoved }: LaneViewProps) {
  const now = Date.now();
  const dragged = useRef<RunRecord | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);

  function move(run: RunRecord, place: number) {
    const from = waiting.indexOf(run);
    const to = Math.max(0, Math.min(waiting.length - 1, place));
    if (from < 0 || from === to) return;
    queue.move(run.id, placeInQueue(state, run.id, to));
    onMoved(`${run.name} is now number ${to + 1} of ${waiting.length}.`);
  }

  function words({ id }: RunRecord): string {
    const known = times.byRun.get(id);
    return known ? runWords(known, now) : '';
  }

  function focus(place: number) {
    // The row is where it was moved to only with the next frame.
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('[data-name]')[place]?.focus());
  }

  function onKeyDown(event: KeyboardEvent, run: RunRecord, place: number) {
    const target = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: waiting.length - 1 }[event.key];
    if (target !== undefined) {
      const to = Math.max(0, Math.min(waiting.length - 1, target));
      if (event.altKey) move(run, to);
      focus(to);
    } else if (event.key === 'Delete') {
      queue.remove([run]);
      focus(Math.max(0, place - 1));
    } else return;
    event.preventDefault();
  }

  return (
    <section className="surface" aria-label={deviceWords[device]}>
      <Group className={styles.heading} justify="space-between">
        <Title order={2} fz="md">
          {deviceWords[device]}
        </Title>
        <Text fz="sm" className="quiet numbers">
          {laneWords(waiting.length, times, now)}
        </Text>
      </Group>
      {active.map((run) => (
        <div key={run.id} className={styles.active}>
          <Group gap="sm" mb={8} wrap="nowrap">
            <StateBadge state={run.state} />
            <Anchor component={Link} href={`/runs/${run.id}`} fz="sm" fw={500} truncate c="inherit">
              {run.name}
            </Anchor>
          </Group>
          <RunProgress run={run} />
        </div>
      ))}
      {waiting.length > 0 && (
        <ol ref={list} className={styles.rows} aria-label={`Waiting for the ${deviceWords[device]}`}>
          {waiting.map((run, place) => (
            <QueueRow
              key={run.id}
              run={run}
              place={place}
              times={words(run)}
              last={place === waiting.length - 1}
              held={state.heldRuns.includes(run.id)}
              sweepRuns={run.sweep === null ? [] : waiting.filter(({ sweep }) => sweep === run.sweep)}
              queue={queue}
              over={over === run.id}
              onMove={(to) => move(run, to)}
              onKeyDown={(event) => onKeyDown(event, run, place)}
              onDragStart={(event) => {
                dragged.current = run;
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', run.id);
              }}
              onDragOver={(event) => {
                if (dragged.current === null) return;
                event.preventDefault();
                setOver(run.id);
              }}
              onDragEnd={() => {
                dragged.current = null;
                setOver(null);
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged.current) move(dragged.current, place);
                dragged.current = null;
                setOver(null);
              }}
            />
          ))}
        </ol>
      )}
    </section>
  );
}
