import { Anchor } from '@mantine/core';
import { runFileUrl } from '../api/client.ts';

interface ClassifierLinkProps {
  runId: string;
  /** Path in the run's folder. */
  path: string;
  /** That the file gets. */
  name: string;
}

/** Downloads the classifier that an evaluation trained: its best epoch. */
export function ClassifierLink({ runId, path, name }: ClassifierLinkProps) {
  return (
    <Anchor href={runFileUrl(runId, path)} download={`${name}.safetensors`} fz="sm">
      Download the classifier
    </Anchor>
  );
}
