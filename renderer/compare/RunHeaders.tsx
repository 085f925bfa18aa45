import { Group, useComputedColorScheme } from '@mantine/core';
import type { RunRecord } from '../../common/records.ts';
import { CurveSample } from '../charts/CurveSample.tsx';
import { curveStyle } from '../charts/palette.ts';

interface RunHeadersProps {
  title: string;
  runs: RunRecord[];
  baseline: RunRecord;
  number?: boolean;
}

/** The head of a table that has a column for each run. */
export function RunHeaders({ title, runs, baseline, number }: RunHeadersProps) {
  const scheme = useComputedColorScheme('light');
  return (
    <thead>
      <tr>
        <th scope="col">{title}</th>
        {runs.map((run, index) => (
          <th key={run.id} scope="col" data-number={number}>
            <Group gap={6} wrap="nowrap" justify={number ? 'flex-end' : 'flex-start'}>
              <CurveSample style={curveStyle(index, scheme)} />
              <span>
                {run.name}
                {run === baseline && ' (baseline)'}
              </span>
            </Group>
          </th>
        ))}
      </tr>
    </thead>
  );
}
