import { Button, Group, Loader, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRuns } from '../api/RunsProvider.tsx';

/** Shown when the studio has not answered for a moment; what is on the page stays. */
export function ConnectionBanner() {
  const { connection, reconnect } = useRuns();
  const [lost] = useDebouncedValue(connection === 'lost', 700);
  return (
    <div role="status" aria-live="polite" style={{ position: 'sticky', top: 0, zIndex: 90 }}>
      {lost && connection === 'lost' && (
        <Group
          gap="sm"
          px="lg"
          py={8}
          style={{
            background: 'light-dark(var(--mantine-color-yellow-1), #3a3320)',
            borderBottom: '1px solid var(--line)',
          }}
        >
          <Loader size={14} color="yellow.8" />
          <Text fz="sm" flex={1}>
            The connection to the studio is lost. Runs go on by themselves; this page reconnects as soon as it can. If
            the studio was started anew, open the address that it printed.
          </Text>
          <Button size="compact-sm" variant="default" onClick={reconnect}>
            Try now
          </Button>
        </Group>
      )}
    </div>
  );
}
