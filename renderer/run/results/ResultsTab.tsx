import { Anchor, EmptyState, Group, Select, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { confusionFile } from '../../../common/confusion.ts';
import { resultOf } from '../../../common/evaluations.ts';
import { neighboursFile } from '../../../common/neighbours.ts';
import type { RunRecord } from '../../../common/records.ts';
import { useRuns } from '../../api/RunsProvider.tsx';
import { ClassifierLink } from '../../ui/ClassifierLink.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { AccuracyByK, type AccuracyCurve } from './AccuracyByK.tsx';
import { AlignmentPlane } from './AlignmentPlane.tsx';
import { ClassBars } from './ClassBars.tsx';
import { Confusions } from './Confusions.tsx';
import { DriftFacts } from './DriftFacts.tsx';
import { NeighbourWall } from './NeighbourWall.tsx';
import { ProjectionScatter } from './ProjectionScatter.tsx';
import { useResultFile } from './use-result-file.ts';

/** What an evaluation found, to be looked at; beside another one of the same images where one is chosen. */
export function ResultsTab({ run }: { run: RunRecord }) {
  const { runs } = useRuns();
  const [baselineId, setBaselineId] = useState<string | null>(null);
  const values = resultOf(run)?.values;
  const others = runs.filter(
    (other) =>
      other.id !== run.id && other.kind === run.kind && other.config.data === run.config.data && resultOf(other),
  );
  const baseline = others.find(({ id }) => id === baselineId);
  const baselineValues = baseline && resultOf(baseline)?.values;
  const confusion = useResultFile(run, values?.confusion, confusionFile);
  const otherConfusion = useResultFile(baseline, baselineValues?.confusion, confusionFile);
  const neighbours = useResultFile(run, values?.neighbours, neighboursFile);
  const otherNeighbours = useResultFile(baseline, baselineValues?.neighbours, neighboursFile);

  if (!values) return <NoResult run={run} />;
  const error = [confusion, otherConfusion, neighbours, otherNeighbours].find((file) => file.error)?.error;
  const curves = [curveOf(run, values), baseline && baselineValues && curveOf(baseline, baselineValues)];
  const drawn = curves.filter((curve) => curve !== undefined);

  return (
    <Stack gap="lg">
      {others.length > 0 && (
        <Select
          label="Beside"
          description="Another evaluation of this kind on the same images"
          placeholder="None"
          maw={520}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Nothing beside it' }}
          data={others.map(({ id, name }) => ({ value: id, label: `${name} · ${id}` }))}
          value={baselineId}
          onChange={setBaselineId}
        />
      )}
      {error ? <ErrorNotice title="A part of the result could not be read" error={error} /> : null}
      {drawn.length > 0 && <AccuracyByK curves={drawn} />}
      {run.kind === 'project' && <ProjectionScatter run={run} />}
      {run.kind === 'drift' && <DriftFacts values={values} />}
      {run.kind === 'stats' && <AlignmentPlane run={run} others={others} />}
      {isWaiting(confusion) && <Skeleton height={240} aria-busy aria-label="Loading the classes" />}
      {confusion.data && (
        <>
          <ClassBars file={confusion.data} baseline={otherConfusion.data} baselineName={baseline?.name} />
          <Confusions file={confusion.data} />
        </>
      )}
      {isWaiting(neighbours) && <Skeleton height={240} aria-busy aria-label="Loading the neighbours" />}
      {neighbours.data && (
        <NeighbourWall
          own={{ run, file: neighbours.data }}
          other={baseline && otherNeighbours.data && { run: baseline, file: otherNeighbours.data }}
        />
      )}
      <section>
        <Title order={2} mb="xs">
          Of
        </Title>
        <Group gap="md">
          <Text fz="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
            {String(run.config.pretrained ?? '')}
          </Text>
          <CheckpointLink values={values} />
          {typeof values.classifier === 'string' && (
            <ClassifierLink runId={run.id} path={values.classifier} name={run.name} />
          )}
        </Group>
      </section>
    </Stack>
  );
}

const isWaiting = ({ isLoading }: { isLoading: boolean }) => isLoading;

function CheckpointLink({ values }: { values: Record<string, unknown> }) {
  const { checkpointSha256 } = (values.provenance ?? {}) as { checkpointSha256?: string };
  if (!checkpointSha256) return null;
  return (
    <Anchor component={Link} href={`/checkpoints/${checkpointSha256.slice(0, 12)}`} fz="sm">
      The checkpoint
    </Anchor>
  );
}

function curveOf(run: RunRecord, { accuracyByK, bestK }: Record<string, unknown>): AccuracyCurve | undefined {
  if (typeof accuracyByK !== 'object' || accuracyByK === null) return undefined;
  const points = Object.entries(accuracyByK)
    .map(([k, accuracy]) => ({ x: Number(k), y: Number(accuracy) }))
    .sort((a, b) => a.x - b.x);
  return { run, points, bestK: typeof bestK === 'number' ? bestK : null };
}

function NoResult({ run }: { run: RunRecord }) {
  const ended = run.state === 'finished' || run.state === 'failed' || run.state === 'stopped';
  return (
    <EmptyState
      className="surface"
      py={48}
      title={ended ? 'No result' : 'No result yet'}
      description={
        ended
          ? 'It ended before there was one. The log says how far it came; duplicate the run to measure it anew.'
          : 'It is shown here as soon as the run has measured it.'
      }
    />
  );
}
