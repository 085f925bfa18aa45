import { ActionIcon, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { inScheme } from '../../common/charts/curve-style.ts';
import { curveCsvLines, curvesCsvHeader } from '../../common/charts/curves-csv.ts';
import { type SvgChart, svgChart } from '../../common/charts/svg-chart.ts';
import type { Series } from '../../common/records.ts';
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

/** As many points of a curve as one answer holds; a longer one is asked for in parts. */
const mostPoints = 100_000;

/** A chart as a picture, as it is shown, or its points as they were measured. */
export function ChartMenu({ picture, runs, series }: ChartMenuProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { title } = picture();
  const fileName = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

  /** Every point of a curve: a part that was thinned on its way is asked for in halves. */
  async function partsOf(id: string, name: string, range: { fromStep?: number; toStep?: number }): Promise<Series[]> {
    const input = { id, series: [name], maxPoints: mostPoints, ...range };
    const query = trpc.runs.points.queryOptions(input, { gcTime: 0, staleTime: 0 });
    const [found] = (await queryClient.fetchQuery(query)).series;
    const [first, last] = [found?.steps[0], found?.steps.at(-1)];
    if (!found || first === undefined || last === undefined) return [];
    if (found.steps.length >= found.count) return [found];
    const middle = Math.floor((first + last) / 2);
    const earlier = await partsOf(id, name, { fromStep: first, toStep: middle });
    return [...earlier, ...(await partsOf(id, name, { fromStep: middle + 1, toStep: last }))];
  }

  /** One run after another, and not as one text: it may be longer than a text can be. */
  async function measured(): Promise<Blob> {
    const texts = [curvesCsvHeader];
    for (const run of runs) {
      for (const name of series) {
        for (const part of await partsOf(run.id, name, {})) texts.push(curveCsvLines(run, part));
      }
    }
    return new Blob(texts);
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
        <Menu.Item onClick={() => save('png', 'image/png', () => pngOf(svgChart(onWhite(picture()))))}>
          Picture (PNG)
        </Menu.Item>
        <Menu.Item onClick={() => save('svg', 'image/svg+xml', () => svgChart(onWhite(picture())))}>
          Drawing (SVG)
        </Menu.Item>
        <Menu.Item onClick={() => save('csv', 'text/csv', measured)}>Measured points (CSV)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A drawing is on white, whatever the pages are on. */
function onWhite(chart: SvgChart): SvgChart {
  const drawn = <Mark extends { colour: string }>(mark: Mark): Mark => ({
    ...mark,
    colour: inScheme(mark.colour, 'light'),
  });
  return { ...chart, curves: chart.curves.map(drawn), ...(chart.best && { best: chart.best.map(drawn) }) };
}
