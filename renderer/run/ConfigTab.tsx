import { Group, SegmentedControl, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { type Field, fieldsOf } from '../../common/fields.ts';
import { jobs } from '../../common/jobs/index.ts';
import type { RunRecord } from '../../common/records.ts';
import { useTRPC } from '../api/client.ts';
import { CopyBlock } from '../ui/CopyBlock.tsx';
import styles from './ConfigTab.module.css';

/** The settings of a run: those that differ from the defaults, or all; and the command that repeats it. */
export function ConfigTab({ run }: { run: RunRecord }) {
  const trpc = useTRPC();
  const command = useQuery(trpc.runs.command.queryOptions({ id: run.id }, { staleTime: Number.POSITIVE_INFINITY }));
  const [shown, setShown] = useState<'changed' | 'all'>('changed');
  const [search, setSearch] = useState('');
  const words = search.trim().toLowerCase();
  const fields = fieldsOf(jobs[run.kind].config);
  const changed = fields.filter((field) => isChanged(field, run.config[field.key]));
  const rows = (shown === 'changed' ? changed : fields).filter((field) =>
    `${field.label} ${field.key} ${field.flags.join(' ')}`.toLowerCase().includes(words),
  );

  return (
    <Stack gap="lg">
      <section>
        <Title order={2} mb={6}>
          Command
        </Title>
        <Text fz="sm" className="quiet" mb="xs">
          Repeats this run without the pages.
        </Text>
        {command.data && <CopyBlock text={command.data} label="command" />}
      </section>
      <section>
        <Group justify="space-between" mb="sm">
          <SegmentedControl
            size="xs"
            aria-label="Settings shown"
            value={shown}
            onChange={setShown}
            data={[
              { value: 'changed', label: `Not default (${changed.length})` },
              { value: 'all', label: `All (${fields.length})` },
            ]}
          />
          <TextInput
            data-search
            size="xs"
            w={240}
            placeholder="Search settings"
            aria-label="Search settings"
            leftSection={<Search size={14} />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </Group>
        <div className="surface" style={{ overflowX: 'auto' }}>
          <Table fz="sm" className="numbers" verticalSpacing={7} horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Setting</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th>Default</Table.Th>
                <Table.Th visibleFrom="md">Flags</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((field) => (
                <Table.Tr
                  key={field.key}
                  className={isChanged(field, run.config[field.key]) ? styles.changed : undefined}
                >
                  <Table.Td title={field.help}>{field.label}</Table.Td>
                  <Table.Td className={styles.value}>{valueWords(run.config[field.key], field)}</Table.Td>
                  <Table.Td className="quiet">{valueWords(field.default, field)}</Table.Td>
                  <Table.Td visibleFrom="md" className="quiet mono">
                    {field.flags.join(', ') || jobs[run.kind].positional}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {rows.length === 0 && (
            <Text fz="sm" className="quiet" p="md">
              {words ? 'No setting has this text.' : 'Every setting is at its default.'}
            </Text>
          )}
        </div>
      </section>
    </Stack>
  );
}

function isChanged(field: Field, value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(field.default);
}

function valueWords(value: unknown, field: Field): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return field.unit ? `${text} ${field.unit}` : text;
}
