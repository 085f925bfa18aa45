import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { SavedComparison } from '../../common/results/definition.ts';
import { comparedRuns } from '../../common/results/limits.ts';
import { useTRPC } from '../api/client.ts';
import { shownError } from '../api/errors.ts';

interface SaveComparisonProps {
  ids: string[];
  baseline: string | undefined;
  /** The one that is shown: it can be renamed. */
  saved?: SavedComparison;
}

export function SaveComparison({ ids, baseline, saved }: SaveComparisonProps) {
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
  if (ids.length < comparedRuns.least || !baseline) return null;
  const problem = save.error ? shownError(save.error) : null;

  return (
    <>
      <Button onClick={open}>{saved ? 'Rename' : 'Save comparison'}</Button>
      <Modal opened={opened} onClose={close} title={saved ? 'Rename the comparison' : 'Save the comparison'}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({ id: saved?.id, name, runs: ids, baseline });
          }}
        >
          <Stack>
            <TextInput
              label="Name"
              data-autofocus
              maxLength={100}
              value={name}
              error={problem && `${problem.message} ${problem.cure ?? ''}`}
              onChange={({ currentTarget }) => {
                setName(currentTarget.value);
                save.reset();
              }}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
                Save
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
