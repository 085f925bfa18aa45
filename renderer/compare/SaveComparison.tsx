import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { SavedComparison } from '../../common/results/definition.ts';
import { comparedRows } from '../../common/results/limits.ts';
import { useTRPC } from '../api/client.ts';
import { NameForm } from '../ui/NameForm.tsx';

interface SaveComparisonProps {
  rows: string[];
  baseline: string | undefined;
  /** The one that is shown: it can be renamed. */
  saved?: SavedComparison;
}

export function SaveComparison({ rows, baseline, saved }: SaveComparisonProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  const [opened, { open, close }] = useDisclosure(false);
  const [name, setName] = useState(saved?.name ?? '');
  const save = useMutation(
    trpc.comparisons.save.mutationOptions({
      async onSuccess(comparison) {
        await queryClient.invalidateQueries({ queryKey: trpc.comparisons.pathKey() });
        close();
        navigate(`/compare/saved/${comparison.id}`);
      },
    }),
  );
  if (rows.length < comparedRows.least || !baseline) return null;

  return (
    <>
      <Button onClick={open}>{saved ? 'Rename' : 'Save comparison'}</Button>
      <Modal opened={opened} onClose={close} title={saved ? 'Rename the comparison' : 'Save the comparison'}>
        <NameForm
          name={name}
          error={save.error}
          saving={save.isPending}
          onName={(name) => {
            setName(name);
            save.reset();
          }}
          onSave={() => save.mutate({ id: saved?.id, name, rows, baseline })}
          onCancel={close}
        />
      </Modal>
    </>
  );
}
