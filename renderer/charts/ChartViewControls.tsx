import { Group, SegmentedControl, Select, Switch, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { ChartView } from './ChartCard.tsx';

const windows = [
  { value: '0', label: 'No smoothing' },
  { value: '10', label: 'Over 10 steps' },
  { value: '30', label: 'Over 30 steps' },
  { value: '100', label: 'Over 100 steps' },
  { value: '300', label: 'Over 300 steps' },
  { value: '1000', label: 'Over 1,000 steps' },
];

const plain: ChartView = { axis: 'step', smoothingWindow: 0, logarithmic: false, logarithmicX: false };

/** One view for all charts, kept: who likes epochs likes them everywhere. */
export function useChartView() {
  return useLocalStorage<ChartView>({ key: 'chart-view', defaultValue: plain, getInitialValueInEffect: false });
}

interface ChartViewControlsProps {
  view: ChartView;
  onChange: (view: ChartView) => void;
}

export function ChartViewControls({ view, onChange }: ChartViewControlsProps) {
  return (
    <Group gap="md" mb="sm">
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis"
        value={view.axis}
        onChange={(axis) => onChange({ ...view, axis })}
        data={[
          { value: 'step', label: 'Step' },
          { value: 'epoch', label: 'Epoch' },
          { value: 'time', label: 'Time' },
          { value: 'wall', label: 'Clock' },
        ]}
      />
      <Select
        size="xs"
        w={150}
        aria-label="Smoothing"
        allowDeselect={false}
        data={windows}
        value={String(view.smoothingWindow)}
        onChange={(value) => onChange({ ...view, smoothingWindow: Number(value ?? 0) })}
      />
      <Switch
        size="xs"
        label="Log scale"
        checked={view.logarithmic}
        onChange={({ currentTarget }) => onChange({ ...view, logarithmic: currentTarget.checked })}
      />
      <Switch
        size="xs"
        label="Log steps and times"
        checked={view.logarithmicX ?? false}
        disabled={view.axis === 'wall'}
        onChange={({ currentTarget }) => onChange({ ...view, logarithmicX: currentTarget.checked })}
      />
      <Text fz="xs" className="quiet" visibleFrom="md">
        Drag to zoom, double click to see all
      </Text>
    </Group>
  );
}
