import { Anchor, Group, Progress, Text } from '@mantine/core';
import { Link } from 'wouter';
import { type ChainLink, type ChainRecord, currentLink, namesIn } from '../../common/chains.ts';
import { jobs } from '../../common/jobs/index.ts';
import { durationOf, isActive, type RunRecord } from '../../common/records.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { epochWords } from '../runs/RunParts.tsx';
import { formatDuration, formatPercent, formatSignificant } from '../ui/format.ts';
import { progressOf } from '../ui/progress.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import { Tag } from '../ui/Tag.tsx';
import styles from './Chains.module.css';

/** The links as steps: how far each is, what it has come to, and its run. */
export function ChainLinks({ record }: { record: ChainRecord }) {
  const { runs } = useRuns();
  const current = currentLink(record);
  return (
    <ol className={styles.links} aria-label="Links of the chain">
      {record.chain.links.map((link, at) => {
        const { run: id, state, error } = record.links[at]!;
        const run = runs.find((one) => one.id === id);
        const from = namesIn(link).flatMap((name) => {
          const maker = record.chain.links.find((one) => one.name === name);
          return maker ? `from the checkpoint of "${maker.title}"` : name === 'data' ? [] : `with the given ${name}`;
        });
        return (
          <li
            key={link.name}
            className={`surface ${styles.link}`}
            data-link={link.name}
            data-state={state}
            aria-current={at === current ? 'step' : undefined}
          >
            <span className={styles.number} aria-hidden>
              {at + 1}
            </span>
            <div className={styles.body}>
              <Group justify="space-between" gap="xs">
                <Text fw={500}>{link.title}</Text>
                {state === 'waiting' ? <Tag color="gray">Waiting</Tag> : <StateBadge state={state} />}
              </Group>
              <Text fz={12} className="quiet">
                {[...kindWords(link), ...from].join(' · ')}
              </Text>
              {run && isActive(run.state) && <LinkProgress run={run} />}
              {error && (
                <Text fz="sm" c="var(--mantine-color-error)" mt={4}>
                  {error.message} {error.cure}
                </Text>
              )}
              <Group gap="md" mt={6}>
                {id !== null && (
                  <Anchor component={Link} href={`/runs/${id}`} fz="sm">
                    Run <span className="mono">{id}</span>
                  </Anchor>
                )}
                {run && (
                  <Text fz="sm" className="numbers">
                    {figuresOf(run).join(' · ')}
                  </Text>
                )}
              </Group>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** What kind of job it is, where its title does not say so. */
function kindWords({ kind, title }: ChainLink): string[] {
  return jobs[kind].title === title ? [] : [jobs[kind].title];
}

function LinkProgress({ run }: { run: RunRecord }) {
  const progress = progressOf(run);
  return (
    <div>
      <Progress mt={8} size={5} value={(progress ?? 0) * 100} aria-label={`Progress of ${run.name}`} />
      <Text fz={12} className="quiet numbers" mt={4}>
        {[
          progress === null ? '' : `${Math.floor(progress * 100)} %`,
          run.epochs ? `epoch ${epochWords(run, ' of ')}` : '',
          run.stage,
          run.remaining ? `about ${formatDuration(run.remaining.expectedMs)} left` : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </div>
  );
}

/** What a link has come to, in few words. */
function figuresOf(run: RunRecord): string[] {
  const knn = run.best['probe/bestAccuracy']?.value ?? run.results.knn?.values.bestAccuracy;
  const { top1 } = run.results.linear?.values ?? {};
  const loss = run.last['epoch/loss'];
  return [
    typeof top1 === 'number' ? `top-1 ${formatPercent(top1)}` : '',
    typeof knn === 'number' ? `kNN ${formatPercent(knn)}` : '',
    loss === undefined ? '' : `loss ${formatSignificant(loss)}`,
    run.startedAt && run.endedAt ? formatDuration(durationOf(run)) : '',
  ].filter(Boolean);
}
