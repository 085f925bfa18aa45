import { Alert, Stack, Switch, Text, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { Issue } from '../../common/launch.ts';
import { type PreviewKind, previewFields } from '../../common/views-preview.ts';
import { FieldInput } from '../launch/FieldInput.tsx';
import { type Config, groupsOf } from '../launch/form-values.ts';
import styles from './Augmentations.module.css';

interface ViewFieldsProps {
  kind: PreviewKind;
  config: Config;
  issues: Issue[];
  onChange: (key: string, value: unknown) => void;
  onFix: (fix: Config) => void;
}

/** The settings that make the views, from the one definition of the job's config. */
export function ViewFields({ kind, config, issues, onChange, onFix }: ViewFieldsProps) {
  const [all, setAll] = useLocalStorage({ key: 'all-fields', defaultValue: false });
  const fields = previewFields(kind);
  const hasIssue = new Set(issues.map(({ field }) => field));
  const isSet = (key: string, value: unknown) => config[key] !== undefined && config[key] !== value;
  // Neither what is wrong nor what was changed is hidden.
  const shown = fields.filter(
    (field) => all || !field.advanced || hasIssue.has(field.key) || isSet(field.key, field.default),
  );
  return (
    <Stack gap="md">
      <Switch
        size="xs"
        label={`All fields (${fields.length})`}
        checked={all}
        onChange={({ currentTarget }) => setAll(currentTarget.checked)}
      />
      {groupsOf(shown).map(([group, members]) => (
        <section key={group} aria-label={group}>
          <Title order={3} mb="xs">
            {group}
          </Title>
          <div className={styles.fields}>
            {members.map((field) => (
              <FieldInput
                key={field.key}
                field={field}
                value={config[field.key]}
                issues={issues.filter((issue) => issue.field === field.key)}
                onChange={(value) => onChange(field.key, value)}
                onFix={onFix}
                slider
              />
            ))}
          </div>
        </section>
      ))}
      {config.adversarial === true && (
        <Alert p="sm">
          <Text fz="xs">
            Adversarial views are moved by the gradients of the net as it is at each step: shown here is what they start
            from.
          </Text>
        </Alert>
      )}
    </Stack>
  );
}
