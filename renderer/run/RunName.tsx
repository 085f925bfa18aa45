import { ActionIcon, Group, TextInput, Title, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import type { RunRecord } from '../../common/records.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';

/** The name of a run, changed in place: Enter keeps it, Escape does not. */
export function RunName({ run }: { run: RunRecord }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useMutation(
    trpc.runs.rename.mutationOptions({
      onSuccess: (renamed) => queryClient.setQueryData(trpc.runs.get.queryKey({ id: run.id }), renamed),
      onError: (error) => showError('The run could not be renamed', error),
    }),
  );

  function keep() {
    const name = draft?.trim();
    if (name && name !== run.name) rename.mutate({ id: run.id, name });
    setDraft(null);
  }

  if (draft !== null) {
    return (
      <TextInput
        aria-label="Name of the run"
        value={draft}
        maxLength={200}
        w={360}
        autoFocus
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setDraft(null);
        }}
      />
    );
  }
  return (
    <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
      <Title order={1} style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
        {run.name}
      </Title>
      <Tooltip label="Rename">
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Rename" onClick={() => setDraft(run.name)}>
          <Pencil size={14} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
