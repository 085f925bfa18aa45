import { ActionIcon, Anchor, Menu, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { Copy, Ellipsis, SlidersHorizontal, Trophy, X } from 'lucide-react';
import { Link } from 'wouter';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import type { GridColumn, Measure } from '../../common/evaluations.ts';
import { jobs } from '../../common/jobs/index.ts';
import { bestOfColumn, bestOfEachRun, judgedBy } from './best.ts';
import styles from './Evaluate.module.css';
import { GridCellView } from './GridCellView.tsx';
import type { MeasureRequest } from './MeasureDialog.tsx';
import type { PlacedCell } from './placed-cell.ts';
import { measureId, protocolWords, type Selection } from './selection.ts';
import type { Grid } from './use-grid.ts';

interface GridTableProps {
  rows: CheckpointSummary[];
  selection: Selection;
  grid: Grid;
  /** Asks for the settings of a column, or of another one like it. */
  onMeasure: (request: MeasureRequest) => void;
}

export function GridTable({ rows, selection, grid, onMeasure }: GridTableProps) {
  const { checkpoints, measures, setCheckpoints, setMeasures } = selection;
  const columns = measures.map((measure) => {
    const cells = rows.map((checkpoint) => grid.cellAt(checkpoint, measure));
    return { id: measureId(measure), measure, cells, best: bestOfColumn(cells) };
  });

  return (
    <section className={`surface ${styles.scroller}`} aria-label="Results" aria-busy={grid.loading || undefined}>
      <table className={styles.grid}>
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              Checkpoint
            </th>
            {columns.map(({ id, measure, cells }) => (
              <th key={id} scope="col">
                <ColumnHead
                  measure={measure}
                  column={grid.columnOf(measure)}
                  cells={cells}
                  onEdit={() => onMeasure({ from: measure, replaces: true })}
                  onDuplicate={() => onMeasure({ from: measure, replaces: false })}
                  onRemove={() => setMeasures(measures.filter((one) => measureId(one) !== id))}
                  onBest={() => setCheckpoints(bestOfEachRun(cells).map(({ sha256 }) => sha256))}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((checkpoint, row) => (
            <tr key={checkpoint.sha256} data-checkpoint={checkpoint.id}>
              <th scope="row">
                <div className={styles.rowHead}>
                  <div className={styles.rowName}>
                    <Anchor
                      component={Link}
                      href={`/checkpoints/${checkpoint.id}`}
                      fz="sm"
                      className={styles.truncated}
                    >
                      {checkpoint.name}
                    </Anchor>
                    <Text fz={12} className={`quiet ${styles.truncated}`}>
                      {[checkpoint.arch, checkpoint.best && 'best kNN', checkpoint.id].filter(Boolean).join(' · ')}
                    </Text>
                  </div>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={26}
                    aria-label={`Take ${checkpoint.name} out`}
                    onClick={() => setCheckpoints(checkpoints.filter((one) => one !== checkpoint.sha256))}
                  >
                    <X size={14} />
                  </ActionIcon>
                </div>
              </th>
              {columns.map(({ id, cells, best }) => (
                <td key={id}>
                  <GridCellView
                    placed={cells[row]!}
                    best={best !== undefined && judgedBy(cells[row]!)?.value === best}
                    onRun={() => grid.launch([cells[row]!])}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ColumnHeadProps {
  measure: Measure;
  column: GridColumn | undefined;
  cells: PlacedCell[];
  onEdit: () => void;
  onDuplicate: () => void;
  onRemove: () => void;
  onBest: () => void;
}

const icon = { size: 15, strokeWidth: 1.8 };

function ColumnHead({ measure, column, cells, onEdit, onDuplicate, onRemove, onBest }: ColumnHeadProps) {
  const { title } = jobs[measure.kind];
  const folder = String(measure.config.data ?? '');
  const protocol = protocolWords(measure);
  const words = [folder, protocol].filter(Boolean).join(', ');
  const judged = cells.some((cell) => judgedBy(cell) !== undefined);
  return (
    <div className={styles.columnHead}>
      <div className={styles.columnName}>
        <span>{title}</span>
        <Text fz={12} className="quiet" title={folder}>
          {folder.slice(folder.search(/[^/\\]+[/\\]*$/))}
        </Text>
        {protocol && (
          <Text fz={12} className="quiet">
            {protocol}
          </Text>
        )}
        <Text fz={12} className="quiet" role="status">
          {columnWords(column)}
        </Text>
      </div>
      <div className={styles.columnActions}>
        {judged && (
          <Tooltip label="Keep the best epoch of each run">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label={`Keep the best epoch of each run by ${title}, ${words}`}
              onClick={onBest}
            >
              <Trophy size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={26} aria-label={`The column ${title}, ${words}`}>
              <Ellipsis size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<SlidersHorizontal {...icon} />} onClick={onEdit}>
              Change its settings …
            </Menu.Item>
            <Menu.Item leftSection={<Copy {...icon} />} onClick={onDuplicate}>
              Another with other settings …
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<X {...icon} />} onClick={onRemove}>
              Take the column out
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <VisuallyHidden>{folder}</VisuallyHidden>
    </div>
  );
}

function columnWords(column: GridColumn | undefined): string {
  if (column?.problem) return column.problem;
  const data = column?.data;
  if (data?.state === 'checking') {
    return data.total ? `${data.stage} ${Math.floor((100 * data.done) / data.total)} %` : `${data.stage} …`;
  }
  return data?.state === 'unknown' ? `images not compared: ${data.message}` : '';
}
