import { ActionIcon, Button, Checkbox, Group, NumberInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';
import { asAppError } from '../../common/errors.ts';
import type { Field } from '../../common/fields.ts';
import type { JobKind } from '../../common/jobs/index.ts';
import { parseValues, sweepable, type Variation } from '../../common/sweep.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import styles from './ConfigFields.module.css';
import { SweepPlanView } from './SweepPlanView.tsx';
import type { Sweep } from './use-sweep.ts';

/** Makes one form stand for several runs: settings with several values, times seeds. */
export function SweepSection({ kind, sweep }: { kind: JobKind; sweep: Sweep }) {
  const fields = useMemo(() => sweepable(kind), [kind]);
  const { variations, setVariations, seeds, setSeeds, plan } = sweep;
  const taken = new Set(variations.map(({ field }) => field));
  const change = (at: number, part: Partial<Variation>) =>
    setVariations(variations.map((one, index) => (index === at ? { ...one, ...part } : one)));

  return (
    <section className={`surface ${styles.group}`} aria-label="Sweep">
      <Title order={2} className={styles.heading}>
        Sweep
      </Title>
      <Stack gap="sm">
        <Text fz={12} className="quiet">
          Several runs at once: every combination of these values, each with so many seeds. A list: 0.03, 0.06. A range:
          0.01..0.1 x 3, with log behind it for equal ratios.
        </Text>
        {variations.map((variation, at) => (
          <VariationRow
            // Rows are only added at the end; a row that is removed takes its text along.
            key={`${at} of ${variations.length}`}
            variation={variation}
            fields={fields.filter(({ key }) => key === variation.field || !taken.has(key))}
            onChange={(part) => change(at, part)}
            onRemove={() => setVariations(variations.filter((_, index) => index !== at))}
          />
        ))}
        <Group gap="md" align="flex-end">
          <Button
            variant="default"
            size="sm"
            leftSection={<Plus size={15} />}
            onClick={() => setVariations([...variations, { field: '', values: '' }])}
          >
            Vary a setting
          </Button>
          <NumberInput
            label="Seeds"
            w={110}
            min={1}
            max={1000}
            allowDecimal={false}
            value={seeds}
            onChange={(value) => setSeeds(typeof value === 'number' ? Math.max(1, value) : 1)}
          />
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

interface VariationRowProps {
  variation: Variation;
  fields: Field[];
  onChange: (part: Partial<Variation>) => void;
  onRemove: () => void;
}

function VariationRow({ variation, fields, onChange, onRemove }: VariationRowProps) {
  const field = fields.find(({ key }) => key === variation.field);
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap">
      <Select
        w={{ base: 150, sm: 220 }}
        searchable
        aria-label="Setting to vary"
        placeholder="Setting"
        nothingFoundMessage="No such setting"
        data={fields.map(({ key, label }) => ({ value: key, label }))}
        value={variation.field || null}
        onChange={(key) => key && onChange({ field: key })}
      />
      <TextInput
        style={{ flex: 1 }}
        aria-label={field ? `Values of ${field.label}` : 'Values'}
        placeholder={field ? exampleOf(field) : 'Values'}
        spellCheck={false}
        autoComplete="off"
        value={variation.values}
        error={field && problemOf(field, variation.values)}
        onChange={({ currentTarget }) => onChange({ values: currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={`Do not vary ${field?.label ?? 'this'}`}
        onClick={onRemove}
      >
        <X size={15} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function exampleOf(field: Field): string {
  if (field.kind === 'boolean') return 'on, off';
  if (field.kind === 'choice') return (field.choices ?? []).slice(0, 3).join(', ');
  const value = typeof field.default === 'number' && field.default > 0 ? field.default : 1;
  return `${value}, ${value * 2} or ${value}..${value * 4} x 3 log`;
}

/** While nothing is typed there is nothing wrong. */
function problemOf(field: Field, values: string): string | undefined {
  if (values.trim() === '') return undefined;
  try {
    parseValues(field, values);
    return undefined;
  } catch (thrown) {
    return asAppError(thrown).message;
  }
}
