import { Button, Checkbox, Group, NumberInput, Stack, Text, Title } from '@mantine/core';
import { X } from 'lucide-react';
import { useMemo } from 'react';
import type { JobKind } from '../../common/jobs/index.ts';
import { sweepable } from '../../common/sweep.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import styles from './ConfigFields.module.css';
import { SweepPlanView } from './SweepPlanView.tsx';
import type { Sweep } from './use-sweep.ts';

/** Makes one form stand for several runs: the settings that are varied above, times seeds, and what that comes to. */
export function SweepSection({ kind, sweep }: { kind: JobKind; sweep: Sweep }) {
  const labels = useMemo(() => new Map(sweepable(kind).map(({ key, label }) => [key, label])), [kind]);
  const { variations, vary, seeds, setSeeds, plan } = sweep;

  return (
    <section className={`surface ${styles.group}`} aria-label="Sweep">
      <Title order={2} className={styles.heading}>
        Sweep
      </Title>
      <Stack gap="sm">
        <Text fz={12} className="quiet">
          Several runs at once: "Vary" beside a setting gives it a list (0.03, 0.06) or a range (0.01..0.1 x 3, with log
          behind it for equal ratios). Every combination is a run, times so many seeds.
        </Text>
        <Group gap="md" align="flex-end">
          <NumberInput
            label="Seeds"
            w={110}
            min={1}
            max={1000}
            allowDecimal={false}
            value={seeds}
            onChange={(value) => setSeeds(typeof value === 'number' ? Math.max(1, value) : 1)}
          />
          {variations.map(({ field, values }) => (
            <Button
              key={field}
              variant="default"
              rightSection={<X size={14} aria-hidden />}
              aria-label={`${labels.get(field)}: ${values || 'no values yet'}. Do not vary it`}
              maw={320}
              onClick={() => vary(field, undefined)}
            >
              {labels.get(field)}: {values || 'no values yet'}
            </Button>
          ))}
        </Group>
        {sweep.error ? <ErrorNotice title="There is no plan" error={sweep.error} /> : null}
        {plan && <SweepPlanView plan={plan} stale={sweep.planning} />}
        {plan && sweep.many && (
          <Checkbox
            label={`Yes, queue all ${plan.runs.length} runs`}
            checked={sweep.confirmed}
            onChange={({ currentTarget }) => sweep.setConfirmed(currentTarget.checked)}
          />
        )}
      </Stack>
    </section>
  );
}
