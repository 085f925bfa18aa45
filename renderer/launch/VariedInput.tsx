import { MultiSelect, Text, TextInput } from '@mantine/core';
import { asAppError } from '../../common/errors.ts';
import type { Field } from '../../common/fields.ts';
import { parseValues } from '../../common/sweep.ts';
import styles from './ConfigFields.module.css';
import { textOf } from './form-values.ts';

interface VariedInputProps {
  field: Field;
  /** As they are typed: a list, a range. */
  values: string;
  onChange: (values: string) => void;
}

const mostShown = 8;

/** In place of a setting's control: several values for it, and which they are. */
export function VariedInput({ field, values, onChange }: VariedInputProps) {
  const common = { id: `field-${field.key}`, label: field.label, autoFocus: true };
  if (field.kind === 'choice' || field.kind === 'boolean') {
    const chosen = values.split(',').map((value) => value.trim());
    return (
      <MultiSelect
        {...common}
        data={field.kind === 'boolean' ? ['on', 'off'] : (field.choices ?? [])}
        value={chosen.filter(Boolean)}
        searchable
        hidePickedOptions
        placeholder={values === '' ? 'Values' : undefined}
        onChange={(picked) => onChange(picked.join(', '))}
      />
    );
  }
  const read = readValues(field, values);
  return (
    <TextInput
      {...common}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      placeholder={exampleOf(field)}
      spellCheck={false}
      autoComplete="off"
      value={values}
      error={'problem' in read ? read.problem : undefined}
      description={
        <Text span className={styles.help}>
          {'words' in read ? read.words : `A list or a range: ${exampleOf(field)}`}
        </Text>
      }
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** The values that a setting begins with when it is varied: the one that it has. */
export function firstValues(field: Field, value: unknown): string {
  const now = value ?? field.default;
  return typeof now === 'boolean' ? (now ? 'on' : 'off') : textOf(now);
}

function exampleOf(field: Field): string {
  const value = typeof field.default === 'number' && field.default > 0 ? field.default : 1;
  return `${textOf(value)}, ${textOf(value * 2)} or ${textOf(value)}..${textOf(value * 4)} x 3 log`;
}

/** While nothing is typed, and while one value only, there is nothing to say. */
function readValues(field: Field, values: string): { problem: string } | { words: string } | Record<string, never> {
  if (values.trim() === '') return {};
  try {
    const read = parseValues(field, values);
    if (read.length < 2) return {};
    const more = read.length > mostShown ? `, ${read.length - mostShown} more` : '';
    return { words: `${read.length} values: ${read.slice(0, mostShown).map(textOf).join(', ')}${more}` };
  } catch (thrown) {
    return { problem: asAppError(thrown).message };
  }
}
