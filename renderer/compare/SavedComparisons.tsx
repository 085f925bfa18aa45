import { ActionIcon, Anchor, Button, Group, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { Link } from 'wouter';
import type { SavedComparison } from '../../common/results/definition.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import styles from './Compare.module.css';

/** The comparisons that were saved, each with its link. */
export function SavedComparisons() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = useQuery(trpc.comparisons.list.queryOptions());
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.comparisons.pathKey() });
  const restore = useMutation(trpc.comparisons.restore.mutationOptions({ onSuccess: refresh }));
  const remove = useMutation(
    trpc.comparisons.remove.mutationOptions({
      onSuccess: refresh,
      onError: (error) => showError('The comparison could not be deleted', error),
    }),
  );

  async function removeWithUndo({ id, name }: SavedComparison) {
    await remove.mutateAsync({ id });
    const notice = `comparison-${id}`;
    const undo = () => {
      notifications.hide(notice);
      restore.mutate({ id });
    };
    notifications.show({
      id: notice,
      autoClose: 10_000,
      title: 'Comparison deleted',
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text fz="sm" truncate>
            {name}
          </Text>
          <Button size="compact-sm" variant="light" onClick={undo}>
            Undo
          </Button>
        </Group>
      ),
    });
  }

  if (list.error) return <ErrorNotice title="The saved comparisons could not be read" error={list.error} />;
  if (!list.data || list.data.length === 0) return null;
  return (
    <section aria-label="Saved comparisons">
      <Title order={2} mb="xs">
        Saved comparisons
      </Title>
      <ul className={`surface ${styles.rows} ${styles.list}`}>
        {list.data.map((comparison) => (
          <li key={comparison.id} className={styles.row}>
            <Anchor component={Link} href={`/compare/saved/${comparison.id}`} fz="sm">
              {comparison.name}
            </Anchor>
            <Text fz="sm" className="numbers">
              {comparison.rows.length} rows
            </Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Delete ${comparison.name}`}
              onClick={() => removeWithUndo(comparison).catch(() => undefined)}
            >
              <Trash2 size={14} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
}
