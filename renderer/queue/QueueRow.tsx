import { ActionIcon, Anchor, Group, Menu, Text, Tooltip } from '@mantine/core';
import { ArrowDown, ArrowUp, CirclePause, CirclePlay, Ellipsis, GripVertical, ListX, X } from 'lucide-react';
import type { DragEventHandler, KeyboardEventHandler, ReactNode } from 'react';
import { Link } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { Tag } from '../ui/Tag.tsx';
import styles from './Queue.module.css';
import type { Queue } from './use-queue.tsx';

interface QueueRowProps {
  run: RunRecord;
  /** Among those that wait for the same device, from 0. */
  place: number;
  last: boolean;
  /** When it starts and ends, in words. */
  times: string;
  held: boolean;
  /** It and the others of its sweep that wait; none where it is of no sweep. */
  sweepRuns: RunRecord[];
  queue: Queue;
  /** Something is dragged over it. */
  over: boolean;
  onMove: (place: number) => void;
  onKeyDown: KeyboardEventHandler;
  onDragStart: DragEventHandler;
  onDragOver: DragEventHandler;
  onDragEnd: DragEventHandler;
  onDrop: DragEventHandler;
}

const icon = { size: 15, strokeWidth: 1.8, 'aria-hidden': true } as const;

/** A run that waits: its place, and what can be done with it. */
export function QueueRow(props: QueueRowProps) {
  const { run, place, last, times, held, sweepRuns, queue, over, onMove, ...handlers } = props;
  const holdLabel = held ? `Release ${run.name}` : `Hold ${run.name}`;
  return (
    <li className={styles.row} draggable data-over={over} data-held={held} {...handlers}>
      <GripVertical {...icon} className={styles.grip} />
      <Text fz="sm" className="quiet numbers" w={28} ta="right">
        {place + 1}
      </Text>
      <div className={styles.name}>
        <Group gap={8} wrap="nowrap">
          <Anchor
            component={Link}
            href={`/runs/${run.id}`}
            data-name
            fz="sm"
            fw={500}
            c="inherit"
            truncate
            draggable={false}
            title={run.name}
          >
            {run.name}
          </Anchor>
          {held && <Tag color="yellow">Held</Tag>}
        </Group>
        <Text fz={12} className="quiet" truncate>
          {[run.recipe, run.sweep && `sweep ${run.sweep}`, run.id].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Text fz={12} className={`quiet numbers ${styles.times}`} data-times>
        {times}
      </Text>
      <Group gap={2} wrap="nowrap">
        <Icon label={`Move ${run.name} up`} hint="Up (Alt ↑)" disabled={place === 0} onClick={() => onMove(place - 1)}>
          <ArrowUp {...icon} />
        </Icon>
        <Icon label={`Move ${run.name} down`} hint="Down (Alt ↓)" disabled={last} onClick={() => onMove(place + 1)}>
          <ArrowDown {...icon} />
        </Icon>
        <Icon label={holdLabel} hint={held ? 'Release' : 'Hold'} onClick={() => queue.setHeld(!held, [run])}>
          {held ? <CirclePlay {...icon} /> : <CirclePause {...icon} />}
        </Icon>
        <Icon label={`Take ${run.name} out of the queue`} hint="Take out (Delete)" onClick={() => queue.remove([run])}>
          <X {...icon} />
        </Icon>
        {sweepRuns.length > 1 && <SweepMenu runs={sweepRuns} name={run.name} queue={queue} />}
      </Group>
    </li>
  );
}

interface IconProps {
  label: string;
  hint: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Icon({ label, hint, disabled, onClick, children }: IconProps) {
  return (
    <Tooltip label={hint} openDelay={400}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} aria-disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function SweepMenu({ runs, name, queue }: { runs: RunRecord[]; name: string; queue: Queue }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Sweep of ${name}`}>
          <Ellipsis {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{runs.length} runs of this sweep wait</Menu.Label>
        <Menu.Item leftSection={<CirclePause {...icon} />} onClick={() => queue.setHeld(true, runs)}>
          Hold them
        </Menu.Item>
        <Menu.Item leftSection={<CirclePlay {...icon} />} onClick={() => queue.setHeld(false, runs)}>
          Release them
        </Menu.Item>
        <Menu.Item leftSection={<ListX {...icon} />} onClick={() => queue.remove(runs)}>
          Take them out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
