import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CirclePlay, OctagonX } from 'lucide-react';
import { type ChainChanges, type ChainRecord, chainState, currentLink } from '../../common/chains.ts';
import { isActive } from '../../common/records.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';

interface ChainButtonsProps {
  record: ChainRecord;
  /** What is to be otherwise when it goes on. */
  changes: ChainChanges;
  /** It goes on. */
  onGone: () => void;
}

/** What may be asked of a chain in its state. */
export function ChainButtons({ record, changes, onGone }: ChainButtonsProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settled = { onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.chains.list.queryKey() }) };
  const cancel = useMutation(
    trpc.chains.cancel.mutationOptions({
      ...settled,
      onError: (error) => showError('The chain could not be cancelled', error),
    }),
  );
  const goOn = useMutation(
    trpc.chains.continue.mutationOptions({
      ...settled,
      onSuccess: onGone,
      onError: (error) => showError('The chain could not go on', error),
    }),
  );
  const state = chainState(record);
  if (state === 'finished') return null;
  const changed = Object.values(changes).reduce((sum, fields) => sum + Object.keys(fields).length, 0);
  const link = record.links[currentLink(record)];
  const ending = link !== undefined && link.state !== 'waiting' && isActive(link.state);
  return (
    <Group gap="xs">
      {state !== 'running' && (
        <Button
          leftSection={<CirclePlay size={15} />}
          loading={goOn.isPending}
          disabled={ending}
          onClick={() => goOn.mutate({ id: record.id, changes: changed > 0 ? changes : undefined })}
        >
          {changed > 0 ? `Continue with ${changed} changed` : 'Continue'}
        </Button>
      )}
      {state !== 'cancelled' && (
        <Button
          variant="default"
          leftSection={<OctagonX size={15} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ id: record.id })}
        >
          Cancel the chain
        </Button>
      )}
    </Group>
  );
}
