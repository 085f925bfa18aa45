import { ActionIcon, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { writeCurvesCsv } from '../../common/charts/curves-csv.ts';
import { type SvgChart, svgChart } from '../../common/charts/svg-chart.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { downloadFile } from '../ui/download.ts';
import { pngOf } from './png.ts';

interface ChartMenuProps {
  /** Made when it is asked for. */
  picture: () => SvgChart;
  runs: { id: string; name: string }[];
  series: string[];
}

/** As many points of a curve as one answer holds; a longer one is thinned, and the file says so. */
const mostPoints = 100_000;

/** A chart as a picture, as it is shown, or its points as they were measured. */
export function ChartMenu({ picture, runs, series }: ChartMenuProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { title } = picture();
  const fileName = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

  async function measured(): Promise<string> {
    const answers = await Promise.all(
      runs.map(async (run) => {
        const query = trpc.runs.points.queryOptions({ id: run.id, series, maxPoints: mostPoints }, { gcTime: 0 });
        const { series: found } = await queryClient.fetchQuery(query);
        return found.map((one) => ({ run, series: one }));
      }),
    );
    return writeCurvesCsv(answers.flat());
  }

  async function save(extension: string, mediaType: string, make: () => BlobPart | Promise<BlobPart>) {
    try {
      downloadFile(`${fileName}.${extension}`, await make(), mediaType);
    } catch (thrown) {
      showError('The chart could not be saved', thrown);
    }
  }

  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Download ${title}`}>
          <Download size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save('png', 'image/png', () => pngOf(svgChart(picture())))}>Picture (PNG)</Menu.Item>
        <Menu.Item onClick={() => save('svg', 'image/svg+xml', () => svgChart(picture()))}>Drawing (SVG)</Menu.Item>
        <Menu.Item onClick={() => save('csv', 'text/csv', measured)}>Measured points (CSV)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
