import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RunRecord } from '../../common/records.ts';
import { runFileUrl } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { Facts } from '../ui/Facts.tsx';
import { formatMoment } from '../ui/format.ts';
import { factsOf } from './environment-facts.ts';

/** Where the run ran: environment.json of its folder, and the folder itself. */
export function EnvironmentTab({ run }: { run: RunRecord }) {
  const environment = useQuery({
    queryKey: ['environment', run.id, run.state],
    queryFn: () => readEnvironment(run.id),
  });
  return (
    <Stack gap="lg">
      <section>
        <Title order={2} mb="xs">
          Run
        </Title>
        <Facts
          facts={[
            { label: 'Folder', value: run.folder, mono: true },
            { label: 'Created', value: formatMoment(run.createdAt) },
            { label: 'Recipe', value: run.recipe ?? 'none' },
            { label: 'Made from', value: run.parent ?? 'nothing' },
          ]}
        />
      </section>
      <section>
        <Title order={2} mb="xs">
          Machine and data
        </Title>
        {environment.error ? (
          <ErrorNotice title="environment.json could not be read" error={environment.error} />
        ) : environment.data ? (
          <Facts facts={factsOf(environment.data)} />
        ) : (
          <Text fz="sm" className="quiet">
            {environment.isPending ? 'Reading …' : 'The worker writes it when it starts.'}
          </Text>
        )}
      </section>
    </Stack>
  );
}

/** Null before the worker has written it. */
async function readEnvironment(runId: string): Promise<Record<string, unknown> | null> {
  const answer = await fetch(runFileUrl(runId, 'environment.json'));
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`The studio answered ${answer.status} ${answer.statusText}.`);
  return answer.json();
}
