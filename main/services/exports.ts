/** Tables of results that leave the studio, and the tables that people put together to be seen again. */
import { readFileSync } from 'node:fs';
import { AppError } from '../../common/errors.ts';
import { filterFields } from '../../common/filter/filter.ts';
import { pointFieldsIn } from '../../common/filter/point-fields.ts';
import { runFields, runValue } from '../../common/filter/run-fields.ts';
import { nearestTo } from '../../common/nearest.ts';
import type { RunRecord } from '../../common/records.ts';
import { defaultColumns } from '../../common/results/columns.ts';
import { type SavedTable, savedTable, type TableDefinition } from '../../common/results/definition.ts';
import { type Published, publishedFile } from '../../common/results/published.ts';
import { type ReportedRun, writeReport } from '../../common/results/report.ts';
import { buildTable, selectRuns } from '../../common/results/table.ts';
import { type TableFormat, tableFormats, textWriters } from '../../common/results/writers/index.ts';
import { newRunId } from '../jobs/run-folder.ts';
import { writeWorkbook } from './results-workbook.ts';
import type { RunService } from './runs.ts';
import { createSavedFiles, type SavedFiles } from './saved-files.ts';

export interface ExportRequest {
  /** Left out: all that are not in the trash. The filter of the definition chooses among them. */
  ids?: string[];
  definition: TableDefinition;
  format: TableFormat;
}

export interface ExportedFile {
  fileName: string;
  mediaType: string;
  /** Of the formats that are text; of the others base64. */
  text: string | null;
  base64: string | null;
  rows: number;
}

export interface ExportService {
  /** Throws `usage` for a filter that cannot be read and for a column that no run has. */
  table(request: ExportRequest): Promise<ExportedFile>;
  published(): Published;
  tables: SavedFiles<SavedTable>;
}

interface ExportPorts {
  runs: Pick<RunService, 'list' | 'get' | 'points' | 'command'>;
  /** `published.json` of the studio. */
  publishedFile: string;
  /** Of saved tables; made when it is needed. */
  folder: string;
  onWarning(message: string): void;
}

/** What the curves of a report are of; thinned to their least and greatest values, as on the pages. */
const reportedSeries = ['step/loss', 'probe/bestAccuracy', 'probe/top1'];
const pointsOfACurve = 600;

export function createExportService({ runs, onWarning, ...places }: ExportPorts): ExportService {
  let rows: Published | undefined;
  const published = () => {
    rows ??= publishedFile.parse(JSON.parse(readFileSync(places.publishedFile, 'utf8')));
    return rows;
  };

  async function reported(selected: RunRecord[]): Promise<ReportedRun[]> {
    return Promise.all(
      selected.map(async (run) => {
        const { series } = runs.points({ id: run.id, series: reportedSeries, maxPoints: pointsOfACurve });
        return { run, command: await runs.command(run.id), curves: series.filter(({ count }) => count > 0) };
      }),
    );
  }

  return {
    published,

    tables: createSavedFiles({
      folder: places.folder,
      parse: savedTable.parse,
      called: 'table of results',
      newId: newRunId,
      onWarning,
    }),

    async table({ ids, definition, format }) {
      const fields = [...definition.columns.map(({ field }) => field), ...filterFields(definition.filter)];
      if (definition.sort) fields.push(definition.sort.field);
      const known = runs.list({ limit: -1, offset: 0, measure: pointFieldsIn(fields) }).rows;
      const byId = new Map(known.map((run) => [run.id, run]));
      const wanted = ids?.map((id) => byId.get(id) ?? runs.get(id)) ?? known;
      const selected = selectRuns(wanted, definition.filter);
      const columns = definition.columns.length > 0 ? definition.columns : defaultColumns(selected);
      refuseUnknown(
        columns.map(({ field }) => field),
        wanted,
      );
      const table = buildTable(selected, { ...definition, columns }, published(), [...known, ...wanted]);
      const { extension, mediaType } = tableFormats[format];
      const name = format === 'report' ? 'report' : 'results';
      const file = { fileName: `${name}.${extension}`, mediaType, rows: table.rows.length };
      if (format === 'report') {
        return { ...file, text: writeReport('Results', table, await reported(selected)), base64: null };
      }
      if (format === 'xlsx') {
        return { ...file, text: null, base64: Buffer.from(await writeWorkbook(table)).toString('base64') };
      }
      return { ...file, text: textWriters[format](table), base64: null };
    },
  };
}

function refuseUnknown(fields: string[], runs: readonly RunRecord[]): void {
  const known = runFields(runs);
  for (const field of fields) {
    if (known.has(field) || runs.some((run) => runValue(run, field) !== undefined)) continue;
    const near = nearestTo(field, [...known]);
    throw new AppError('usage', `No run has a field "${field}"${near ? `, but "${near}"` : ''}.`, {
      cure: 'Take the column out, or choose runs that have it.',
      field,
    });
  }
}
