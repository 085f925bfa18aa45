import { Group, Kbd, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { fieldsOf } from '../../common/fields.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import type { Issue } from '../../common/launch.ts';
import { sweepable } from '../../common/sweep.ts';
import styles from './ConfigFields.module.css';
import { FieldInput } from './FieldInput.tsx';
import { type Config, fitsSearch, groupsOf } from './form-values.ts';
import type { Sweep } from './use-sweep.ts';

interface ConfigFieldsProps {
  kind: JobKind;
  config: Config;
  /** In place of a value that is not there yet. */
  placeholders: Record<string, string>;
  issues: Issue[];
  onChange: (key: string, value: unknown) => void;
  onFix: (fix: Config) => void;
  /** Fields that are chosen elsewhere. */
  without?: readonly string[];
  /** Settings that have several values, and a way to give them; left out where the form stands for one run. */
  sweep?: Pick<Sweep, 'variations' | 'vary'>;
}

const nothing: readonly string[] = [];

/** The form of a job, made from the one definition of its config. */
export function ConfigFields(props: ConfigFieldsProps) {
  const { kind, config, placeholders, issues, onChange, onFix, without = nothing, sweep } = props;
  const fields = useMemo(
    () => fieldsOf(jobs[kind].config).filter(({ key }) => !without.includes(key)),
    [kind, without],
  );
  const [all, setAll] = useLocalStorage({ key: 'all-fields', defaultValue: false });
  const [search, setSearch] = useState('');
  const words = search.trim();
  const hasIssue = new Set(issues.map(({ field }) => field));
  const varied = new Map(sweep?.variations.map(({ field, values }) => [field, values]));
  const variable = useMemo(() => new Set(sweepable(kind).map(({ key }) => key)), [kind]);
  // A field with something wrong is never hidden, nor one with several values.
  const shown = fields.filter((field) =>
    words ? fitsSearch(field, words) : all || !field.advanced || hasIssue.has(field.key) || varied.has(field.key),
  );

  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <TextInput
          data-search
          size="xs"
          w={{ base: '100%', xs: 260 }}
          placeholder="Search settings and flags"
          aria-label="Search settings"
          leftSection={<Search size={14} />}
          rightSection={<Kbd size="xs">/</Kbd>}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setSearch('');
            if (event.key === 'Enter') event.preventDefault();
          }}
        />
        <Switch
          size="xs"
          label={`All fields (${fields.length})`}
          checked={all}
          onChange={({ currentTarget }) => setAll(currentTarget.checked)}
        />
      </Group>
      {groupsOf(shown).map(([group, members]) => (
        <section key={group} className={`surface ${styles.group}`} aria-label={group}>
          <Title order={2} className={styles.heading}>
            {group}
          </Title>
          <div className={styles.fields}>
            {members.map((field) => (
              <FieldInput
                key={field.key}
                field={field}
                value={config[field.key]}
                placeholder={placeholders[field.key]}
                issues={issues.filter((issue) => issue.field === field.key)}
                onChange={(value) => onChange(field.key, value)}
                onFix={onFix}
                vary={
                  sweep && variable.has(field.key)
                    ? { values: varied.get(field.key), onChange: (values) => sweep.vary(field.key, values) }
                    : undefined
                }
              />
            ))}
          </div>
        </section>
      ))}
      {shown.length === 0 && (
        <Text fz="sm" className="quiet">
          No setting has these words.
        </Text>
      )}
    </Stack>
  );
}
