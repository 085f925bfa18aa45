import { Anchor, Text } from '@mantine/core';
import { Boxes, type LucideIcon, Play, Upload } from 'lucide-react';
import { Link } from 'wouter';
import type { CheckpointDetail, CheckpointRole } from '../../common/checkpoints.ts';
import { jobs } from '../../common/jobs/index.ts';
import { formatAgo } from '../ui/format.ts';
import styles from './Lineage.module.css';

const roleWords: Record<CheckpointRole, string> = {
  pretrained: 'measured by',
  resume: 'taken further by',
  teacher: 'teaches',
  against: 'compared with by',
};

interface Node {
  id: string;
  icon: LucideIcon;
  relation: string;
  href?: string;
  name: string;
  note?: string;
}

/** Where the checkpoint comes from, and what came of it: one line of descent, then its users. */
export function Lineage({ checkpoint }: { checkpoint: CheckpointDetail }) {
  const { run, source, lineage, imported } = checkpoint;
  const before: Node[] = [];
  if (lineage.parent) {
    const { id, name } = lineage.parent;
    before.push({
      id: 'parent',
      icon: Boxes,
      relation: source === 'run' ? 'began with' : 'exported from',
      href: name === null ? undefined : `/checkpoints/${id}`,
      name: name ?? id,
      note: name === null ? 'not in this workspace' : undefined,
    });
  }
  if (run) {
    before.push({
      id: 'run',
      icon: Play,
      relation: 'made by',
      href: `/runs/${run.id}`,
      name: run.name,
      note: jobs[run.kind].title,
    });
  } else if (imported) {
    before.push({ id: 'import', icon: Upload, relation: 'imported from', name: imported.original });
  }
  const after = lineage.usedBy.map(
    ({ run, role, at }): Node => ({
      id: `${run.id}-${role}`,
      icon: Play,
      relation: roleWords[role],
      href: `/runs/${run.id}`,
      name: run.name,
      note: `${jobs[run.kind].title}, ${formatAgo(at)}`,
    }),
  );

  return (
    <ol className={`surface ${styles.line}`}>
      {before.map((node) => (
        <LineageNode key={node.id} {...node} />
      ))}
      <li className={styles.self} aria-current="true">
        <Mark icon={Boxes} />
        <div className={styles.text}>
          <Text fz="sm" fw={600}>
            {checkpoint.name}
          </Text>
          <Text fz={12} className="quiet">
            this checkpoint
          </Text>
        </div>
      </li>
      {after.map((node) => (
        <LineageNode key={node.id} {...node} />
      ))}
      {after.length === 0 && (
        <li className={styles.none}>
          <Text fz={12} className="quiet">
            No run has used it yet.
          </Text>
        </li>
      )}
    </ol>
  );
}

function LineageNode({ icon, relation, href, name, note }: Node) {
  return (
    <li>
      <Mark icon={icon} />
      <div className={styles.text}>
        <Text fz={12} className="quiet">
          {relation}
        </Text>
        {href ? (
          <Anchor component={Link} href={href} fz="sm" className={styles.name}>
            {name}
          </Anchor>
        ) : (
          <Text fz="sm" className={styles.name}>
            {name}
          </Text>
        )}
        {note && (
          <Text fz={12} className="quiet">
            {note}
          </Text>
        )}
      </div>
    </li>
  );
}

function Mark({ icon: Icon }: { icon: LucideIcon }) {
  return (
    <span className={styles.mark}>
      <Icon size={14} strokeWidth={1.8} aria-hidden />
    </span>
  );
}
