import { Menu } from '@mantine/core';
import { useLocation } from 'wouter';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { fieldsOf } from '../../common/fields.ts';
import { jobKinds, jobs } from '../../common/jobs/index.ts';

/** Every field of a recorded job that takes a checkpoint. */
const uses = jobKinds
  .filter((kind) => jobs[kind].recorded)
  .flatMap((kind) =>
    fieldsOf(jobs[kind].config)
      .filter(({ control }) => control === 'checkpoint')
      .map(({ key, label }) => ({ kind, key, label: `${jobs[kind].title}: ${label.toLowerCase()}` })),
  );

/** Entries of a menu, each to the form of a run that starts from the checkpoint, measures it or learns from it. */
export function UseItems({ checkpoint }: { checkpoint: CheckpointSummary }) {
  const [, navigate] = useLocation();
  return (
    <>
      <Menu.Item onClick={() => navigate(`/evaluate/${checkpoint.id}`)}>Evaluate beside others</Menu.Item>
      {uses.map(({ kind, key, label }) => (
        <Menu.Item
          key={`${kind}-${key}`}
          onClick={() => navigate(`/launch/new/${kind}/${key}/${encodeURIComponent(checkpoint.location)}`)}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
}
