import { Button, Select, Slider, Stack, Switch, Text, TextInput, UnstyledButton } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Field } from '../../common/fields.ts';
import type { Issue } from '../../common/launch.ts';
import styles from './ConfigFields.module.css';
import { type Config, parseText, textOf } from './form-values.ts';
import { PathButton } from './PathButton.tsx';
import { firstValues, VariedInput } from './VariedInput.tsx';

interface FieldInputProps {
  field: Field;
  value: unknown;
  placeholder?: string;
  issues: Issue[];
  onChange: (value: unknown) => void;
  onFix: (fix: Config) => void;
  /** A number with two bounds can also be dragged. */
  slider?: boolean;
  /** Present where the setting can take several values. */
  vary?: Vary;
}

export interface Vary {
  /** As they are typed; undefined: it has one value. */
  values: string | undefined;
  onChange: (values: string | undefined) => void;
}

/** One field of a config: its control by kind, its unit, help, and what the check says of it. */
export function FieldInput({ field, value, placeholder, issues, onChange, onFix, slider, vary }: FieldInputProps) {
  const errors = issues.filter(({ level }) => level === 'error');
  const changed = value !== undefined && JSON.stringify(value) !== JSON.stringify(field.default);
  const common = {
    id: `field-${field.key}`,
    label: field.label,
    description: <span className={styles.help}>{field.help}</span>,
    error: errors.length > 0 ? errors.map(({ message }) => message).join(' ') : undefined,
    inputWrapperOrder: ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[],
  };
  const wide = field.control !== undefined;
  return (
    <div
      className={[styles.field, changed && !field.required && styles.changed, wide && styles.wide]
        .filter(Boolean)
        .join(' ')}
      data-field={field.key}
      title={field.flags.length > 0 ? `At the command line: ${field.flags.join(', ')}` : undefined}
    >
      {vary?.values !== undefined ? (
        <VariedInput field={field} values={vary.values} onChange={vary.onChange} />
      ) : field.kind === 'boolean' ? (
        <Switch
          id={common.id}
          label={field.label}
          description={common.description}
          error={common.error}
          mt={4}
          checked={Boolean(value ?? field.default)}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      ) : field.kind === 'choice' ? (
        <Select
          {...common}
          data={field.choices ?? []}
          value={textOf(value ?? field.default)}
          allowDeselect={false}
          onChange={(choice) => choice !== null && onChange(choice)}
        />
      ) : (
        <TypedInput
          field={field}
          value={value}
          placeholder={placeholder}
          common={common}
          onChange={onChange}
          slider={slider ? sliderOf(field) : null}
        />
      )}
      {vary && (
        <UnstyledButton
          className={styles.vary}
          aria-label={`Vary ${field.label}`}
          aria-pressed={vary.values !== undefined}
          onClick={() => vary.onChange(vary.values === undefined ? firstValues(field, value) : undefined)}
        >
          Vary
        </UnstyledButton>
      )}
      <Stack gap={4} mt={issues.length > 0 ? 6 : 0} align="flex-start">
        {issues.map(({ level, message, fix }) => (
          <div key={message}>
            {level === 'warning' && (
              <Text fz={12} c="light-dark(#7a4d00, var(--mantine-color-yellow-4))">
                <TriangleAlert size={12} aria-label="Warning" style={{ marginRight: 4, verticalAlign: -1 }} />
                {message}
              </Text>
            )}
            {fix && (
              <Button size="compact-xs" variant="light" mt={2} onClick={() => onFix(fix.config)}>
                {fix.label}
              </Button>
            )}
          </div>
        ))}
      </Stack>
    </div>
  );
}

interface TypedInputProps {
  field: Field;
  value: unknown;
  placeholder?: string;
  common: object;
  onChange: (value: unknown) => void;
  slider: SliderRange | null;
}

/** Keeps the text as it is typed ("1e-", "0.") while the config holds what it stands for so far. */
function TypedInput({ field, value, placeholder, common, onChange, slider }: TypedInputProps) {
  const [text, setText] = useState(textOf(value));
  useEffect(() => {
    // Changed from elsewhere (a fix, a picked folder): the text follows.
    setText((before) => (same(parseText(field, before), value) ? before : textOf(value)));
  }, [field, value]);

  const set = (next: string) => {
    setText(next);
    onChange(parseText(field, next));
  };
  const number = field.kind !== 'text';
  const withSlider = slider && {
    inputContainer: (input: ReactNode) => (
      <>
        {input}
        <Slider
          {...slider}
          size={4}
          thumbSize={16}
          mt={12}
          mb={8}
          label={null}
          thumbLabel={field.label}
          value={typeof value === 'number' ? value : Number(field.default)}
          onChange={onChange}
        />
      </>
    ),
  };
  return (
    <TextInput
      {...common}
      {...withSlider}
      value={text}
      placeholder={placeholder ?? textOf(field.default)}
      inputMode={number ? 'decimal' : undefined}
      spellCheck={false}
      autoComplete="off"
      required={field.required}
      withAsterisk={false}
      onChange={({ currentTarget }) => set(currentTarget.value)}
      rightSection={
        field.control ? (
          <PathButton field={field} value={text} onPick={set} />
        ) : field.unit ? (
          <span className={styles.unit}>{field.unit}</span>
        ) : undefined
      }
      rightSectionWidth={field.control ? 92 : 'auto'}
      rightSectionPointerEvents={field.control ? 'all' : 'none'}
      styles={{ input: { fontVariantNumeric: 'tabular-nums' } }}
    />
  );
}

interface SliderRange {
  min: number;
  max: number;
  step: number;
}

/** A seed has bounds, but nobody looks for one by dragging. */
const widestRange = 10_000;

/** A hundredth of the range a step, or a round number near it. */
function sliderOf({ kind, minimum, maximum }: Field): SliderRange | null {
  if ((kind !== 'number' && kind !== 'integer') || minimum === undefined || maximum === undefined) return null;
  if (maximum - minimum > widestRange) return null;
  const fine = 10 ** Math.round(Math.log10((maximum - minimum) / 100));
  return { min: minimum, max: maximum, step: kind === 'integer' ? Math.max(1, fine) : fine };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
