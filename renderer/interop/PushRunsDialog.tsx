import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import type { FormEvent, SyntheticEvent } from 'react';
import type { MlflowCheck } from '../../common/interop.ts';
import type { RunRecord } from '../../common/records.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import { MlflowServer } from './MlflowServer.tsx';
import { PushedRuns } from './PushedRuns.tsx';
import { useMlflow } from './use-mlflow.ts';

/** The dialog may have been opened in a row that listens to clicks and keys, too. */
const within = (event: SyntheticEvent) => event.stopPropagation();

/** Runs to a server of MLflow: which one, whether it answers, how far it is, where they are there. */
export function PushRunsDialog({ runs, onClose }: { runs: readonly RunRecord[]; onClose: () => void }) {
  const mlflow = useMlflow(runs.map(({ id }) => id));
  const { check, push, progress, error, cancelled, cancel, ready } = mlflow;
  const busy = check.isPending || push.isPending;

  function close() {
    cancel();
    onClose();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready && !busy) push.mutate();
  }

  return (
    <Modal
      opened
      onClose={close}
      title={`Push ${runs.length === 1 ? `"${runs[0]!.name}"` : `${runs.length} runs`} to MLflow`}
      size={640}
      closeOnClickOutside={false}
      onClick={within}
      onKeyDown={within}
    >
      {push.data ? (
        <PushedRuns pushed={push.data} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text fz="sm" className="quiet">
              Settings, curves, results, tags and notes. A run that is there already gets what is new of it, and nothing
              twice.
            </Text>
            <MlflowServer mlflow={mlflow} disabled={busy} />
            {check.data && <Verdict check={check.data} />}
            {error && (
              <ErrorNotice
                title={push.isError ? 'They were not pushed' : 'Runs cannot be pushed there'}
                error={error}
              />
            )}
            {cancelled && (
              <Text fz="sm" role="status">
                Cancelled. What was sent stays in MLflow; the next push goes on from there.
              </Text>
            )}
            {busy ? (
              <TaskProgressLine
                label={check.isPending ? 'Testing the connection' : 'Pushing to MLflow'}
                progress={progress}
                onCancel={cancel}
              />
            ) : (
              <Group justify="flex-end" gap="xs">
                <Button variant="default" disabled={!ready} onClick={() => check.mutate()} mr="auto">
                  Test the connection
                </Button>
                <Button variant="default" onClick={close}>
                  Cancel
                </Button>
                <Button type="submit" disabled={!ready}>
                  Push
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Verdict({ check: { server, version, experiment } }: { check: MlflowCheck }) {
  return (
    <Alert color="teal" icon={<CircleCheck size={18} />} title="The server answers" role="status">
      <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
        {server} is MLflow{version === null ? '' : ` ${version}`}. The experiment "{experiment.name}"{' '}
        {experiment.state === 'there' ? 'is there.' : 'is not there yet: it will be made.'}
      </Text>
    </Alert>
  );
}
