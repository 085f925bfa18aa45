import { Stack, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { type ChainChanges, type ChainFile, inputControl } from '../../common/chains.ts';
import type { Field } from '../../common/fields.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import fieldStyles from '../launch/ConfigFields.module.css';
import { DemoNotice } from '../launch/DemoNotice.tsx';
import { FieldInput } from '../launch/FieldInput.tsx';
import styles from '../launch/LaunchForm.module.css';
import { useDemoData } from '../launch/use-demo-data.ts';
import { PageHeader } from '../ui/PageHeader.tsx';
import { labelOf } from './ChainPage.tsx';
import { ChainPanel } from './ChainPanel.tsx';
import { LinkSections } from './LinkSections.tsx';
import { usePlan } from './use-plan.ts';

/** Everything between a choice and a started chain: its inputs, the fields of its links, what each will do. */
export function ChainForm({ chain }: { chain: ChainFile }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [changes, setChanges] = useState<ChainChanges>({});
  const [name, setName] = useState('');
  const [opened, setOpened] = useState<string | null>(null);

  const demo = chain.id.startsWith('demo');
  const demoData = useDemoData(demo, () => {});
  // The same object until something changes: the plan waits for quiet by it.
  const demoFolder = demo && !typed.data ? demoData.folder : null;
  const given = useMemo(() => (demoFolder ? { ...typed, data: demoFolder } : typed), [typed, demoFolder]);
  const { plan, checking, error } = usePlan(chain.id, given, changes);
  const errors = plan?.links.flatMap(({ issues }) => issues.filter(({ level }) => level === 'error')) ?? [];

  const start = useMutation(
    trpc.chains.start.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries({ queryKey: trpc.chains.list.queryKey() });
        navigate(`/chains/${id}`);
      },
      onError: (error) => showError('The chain could not be started', error),
    }),
  );
  const startable = !checking && plan?.missing.length === 0 && errors.length === 0 && !start.isPending;
  function submit() {
    if (startable) start.mutate({ chain: chain.id, given, changes, name: name.trim() || undefined });
  }
  useHotkeys([['mod+Enter', submit]], []);

  return (
    <>
      <PageHeader title={chain.title} subtitle={chain.expect} />
      <form
        className={styles.columns}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md" style={{ minWidth: 0 }}>
          {demo && <DemoNotice data={demoData} chosen={Boolean(typed.data)} onCancel={() => {}} />}
          <section className={`surface ${fieldStyles.group}`} aria-label="What it works on">
            <Title order={2} className={fieldStyles.heading}>
              What it works on
            </Title>
            <div className={fieldStyles.fields}>
              {Object.keys(chain.inputs).map((input) => (
                <FieldInput
                  key={input}
                  field={inputField(chain, input)}
                  value={given[input]}
                  issues={[]}
                  onChange={(value) => setTyped((before) => ({ ...before, [input]: String(value ?? '').trim() }))}
                  onFix={() => {}}
                />
              ))}
            </div>
          </section>
          <LinkSections
            chain={chain}
            changes={changes}
            plan={plan}
            opened={opened}
            onOpen={setOpened}
            onChange={(link, values) => setChanges((before) => ({ ...before, [link]: { ...before[link], ...values } }))}
          />
        </Stack>
        <ChainPanel
          chain={chain}
          given={given}
          changes={changes}
          name={name}
          onName={setName}
          plan={plan}
          checking={checking}
          error={error}
          starting={start.isPending}
          startable={startable}
          onOpen={setOpened}
        />
      </form>
    </>
  );
}

function inputField(chain: ChainFile, name: string): Field {
  return {
    key: name,
    kind: 'text',
    label: labelOf(name),
    help: chain.inputs[name] ?? '',
    group: '',
    flags: [],
    required: true,
    control: inputControl(chain, name),
  };
}
