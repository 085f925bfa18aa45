import { ActionIcon, Anchor, Button, Select, Tooltip, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { Eye, EyeOff, X } from 'lucide-react';
import { Link } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { comparedRuns } from '../../common/results/limits.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { CurveSample } from '../charts/CurveSample.tsx';
import { curveStyle } from '../charts/palette.ts';
import styles from './Compare.module.css';
import type { ComparedIds } from './compared-runs.ts';

interface ComparedRunsProps {
  runs: RunRecord[];
  baseline: string | undefined;
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
  /** The run whose curves stand out; a click on a curve does the same. */
  highlighted: string | null;
  onHighlight: (id: string) => void;
  onChange: (compared: ComparedIds) => void;
}

/** The runs with their colours, which are those of every chart below; what is the baseline; others to add. */
export function ComparedRuns({
  runs,
  baseline,
  hidden,
  onToggle,
  highlighted,
  onHighlight,
  onChange,
}: ComparedRunsProps) {
  const scheme = useComputedColorScheme('light');
  const all = useRuns().runs;
  const ids = runs.map(({ id }) => id);
  const others = all.filter(({ id }) => !ids.includes(id));
  const icon = { size: 14, 'aria-hidden': true } as const;

  return (
    <section aria-label="Compared runs" className={`surface ${styles.runs}`}>
      <ul className={styles.list}>
        {runs.map((run, index) => {
          const isHidden = hidden.has(run.id);
          return (
            <li
              key={run.id}
              className={styles.run}
              data-run={run.id}
              data-highlighted={run.id === highlighted || undefined}
            >
              <UnstyledButton
                aria-label={`Highlight ${run.name}`}
                aria-pressed={run.id === highlighted}
                title="Make its curves stand out"
                className={styles.pick}
                onClick={() => onHighlight(run.id)}
              >
                <CurveSample style={curveStyle(index, scheme)} />
              </UnstyledButton>
              <Anchor component={Link} href={`/runs/${run.id}`} fz="sm" className={styles.name} title={run.name}>
                {run.name}
              </Anchor>
              <Tooltip label={isHidden ? 'Show its curves' : 'Hide its curves'}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`Curves of ${run.name}`}
                  aria-pressed={!isHidden}
                  onClick={() => onToggle(run.id)}
                >
                  {isHidden ? <EyeOff {...icon} /> : <Eye {...icon} />}
                </ActionIcon>
              </Tooltip>
              {run.id === baseline ? (
                <span className={styles.baseline}>baseline</span>
              ) : (
                <Button size="compact-xs" variant="default" onClick={() => onChange({ ids, baseline: run.id })}>
                  Make baseline
                </Button>
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Take out ${run.name}`}
                onClick={() =>
                  onChange({
                    ids: ids.filter((id) => id !== run.id),
                    baseline: run.id === baseline ? undefined : baseline,
                  })
                }
              >
                <X {...icon} />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <Select
        size="xs"
        w={280}
        maw="100%"
        searchable
        aria-label="Add a run"
        placeholder={runs.length >= comparedRuns.most ? `No more than ${comparedRuns.most}` : 'Add a run'}
        disabled={runs.length >= comparedRuns.most || others.length === 0}
        limit={100}
        nothingFoundMessage="No run has this name"
        data={others.map(({ id, name }) => ({ value: id, label: `${name} · ${id}` }))}
        value={null}
        onChange={(id) => id && onChange({ ids: [...ids, id], baseline })}
      />
    </section>
  );
}
