import { Group, Select, Skeleton, Text, useComputedColorScheme } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { RunRecord } from '../../../common/records.ts';
import type { Comparison } from '../../../common/results/comparison.ts';
import { drawPoints } from '../../run/results/draw-points.ts';
import { imageUrl } from '../../run/results/image-url.ts';
import { classColour, nearestPlace, type ProjectedPoint, placesOn } from '../../run/results/projection-points.ts';
import { projectionQuery } from '../../run/results/use-result-file.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { formatCount } from '../../ui/format.ts';
import { ImageTile } from '../../ui/ImageTile.tsx';
import { ColumnName } from './ColumnName.tsx';
import { PanelSection } from './PanelSection.tsx';
import styles from './Panels.module.css';
import { type PanelColumn, usePanel } from './use-panel.ts';

const isProjection = ({ kind }: RunRecord) => kind === 'project';

/** The features of every column in the plane; the image under the pointer is the same in all of them. */
export function ComparedProjection({ comparison: { rows, baseline } }: { comparison: Comparison }) {
  const panel = usePanel({ rows, baseline, fits: isProjection, kind: 'project' });
  const files = useQueries({ queries: panel.columns.map(({ run }) => projectionQuery(run)) });
  const error = files.find((file) => file.error)?.error;
  const loaded = files.flatMap(({ data }) => data ?? []);
  return (
    <PanelSection title="Features in the plane" panel={panel}>
      {error ? (
        <ErrorNotice title="The points could not be read" error={error} />
      ) : files.some(({ data }) => !data) ? (
        <Skeleton height={280} aria-busy aria-label="Loading the points" />
      ) : (
        <Planes
          columns={panel.columns}
          points={files.map(({ data }) => data ?? [])}
          all={loaded}
          baseline={baseline.reference}
        />
      )}
    </PanelSection>
  );
}

interface PlanesProps {
  columns: PanelColumn[];
  /** Of each column. */
  points: ProjectedPoint[][];
  all: ProjectedPoint[];
  /** A reference. */
  baseline: string;
}

/** The same for the same view of the same image. */
const keyOf = ({ path, view }: ProjectedPoint) => `${path} ${view}`;

function Planes({ columns, points, all, baseline }: PlanesProps) {
  const [pointed, setPointed] = useState<string | null>(null);
  const [shownClass, setShownClass] = useState<string | null>(null);
  const classes = useMemo(() => [...new Set(all.map(({ label }) => label))].filter(Boolean).sort(), [all]);
  const images = useMemo(() => [...new Map(all.map((point) => [keyOf(point), point])).values()], [all]);
  const point = images.find((one) => keyOf(one) === pointed);
  const [first] = columns;
  return (
    <>
      <div className={styles.pointed}>
        <Group gap="sm" align="flex-end">
          <Select
            size="xs"
            w={200}
            label="Class"
            placeholder="All"
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'All classes' }}
            data={classes}
            value={shownClass}
            onChange={setShownClass}
          />
          <Select
            size="xs"
            w={320}
            label="Image"
            placeholder="Point at one, or find it by its path"
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'No image' }}
            limit={50}
            data={images.map((one) => ({ value: keyOf(one), label: imageWords(one) }))}
            value={point ? pointed : null}
            onChange={setPointed}
          />
        </Group>
        {point && first ? (
          <ImageTile
            key={pointed}
            source={imageUrl(first.run, point.path)}
            path={point.path}
            words={point.label || point.path}
            note={imageWords(point)}
            right={null}
          />
        ) : (
          <Text fz="sm" className="quiet">
            The image under the pointer stands out in every column.
          </Text>
        )}
      </div>
      <div className={styles.planes}>
        {columns.map((column, at) => (
          <Plane
            key={column.row.reference}
            column={column}
            points={points[at]!}
            isBaseline={column.row.reference === baseline}
            {...{ classes, shownClass, pointed }}
            onPoint={setPointed}
          />
        ))}
      </div>
    </>
  );
}

function imageWords({ path, view }: ProjectedPoint): string {
  const [name, folder] = path.split('/').toReversed();
  return `${[folder, name].filter(Boolean).join('/')}${view === null ? '' : `, view ${view}`}`;
}

interface PlaneProps {
  column: PanelColumn;
  points: ProjectedPoint[];
  classes: string[];
  shownClass: string | null;
  pointed: string | null;
  isBaseline: boolean;
  onPoint: (key: string | null) => void;
}

const side = 320;
const margin = 12;
const hoverPx = 10;

function Plane({ column: { row }, points, classes, shownClass, pointed, isBaseline, onPoint }: PlaneProps) {
  const scheme = useComputedColorScheme('light');
  const canvas = useRef<HTMLCanvasElement>(null);
  const places = useMemo(() => placesOn(points, side, margin), [points]);
  const byKey = useMemo(() => new Map(points.map((point, at) => [keyOf(point), at])), [points]);
  const hovered = pointed === null ? -1 : (byKey.get(pointed) ?? -1);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    drawPoints(context, points, {
      places,
      side,
      colourOf: (label) => classColour(classes.indexOf(label), scheme),
      hovered: -1,
      isOutside: (at) => shownClass !== null && points[at]!.label !== shownClass,
    });
    const place = places[hovered];
    if (!place) return;
    // A ring, so that it is found among points of its own colour.
    context.strokeStyle = scheme === 'light' ? '#1c1f23' : '#f1f3f5';
    context.lineWidth = 2;
    context.beginPath();
    context.arc(place.x, place.y, 8, 0, 2 * Math.PI);
    context.stroke();
  }, [points, places, classes, scheme, hovered, shownClass]);

  function move(event: PointerEvent<HTMLCanvasElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const scale = side / box.width;
    const place = { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
    const nearest = points[nearestPlace(places, place, hoverPx)];
    onPoint(nearest ? keyOf(nearest) : null);
  }

  const isThere =
    pointed === null ? '' : hovered < 0 ? ' The chosen image is not among them.' : ' The chosen image has a ring.';
  return (
    <figure className={`surface ${styles.plane}`} style={{ margin: 0 }} data-plane={row.reference}>
      <figcaption>
        <ColumnName reference={row.reference} name={row.name} isBaseline={isBaseline} />
      </figcaption>
      <canvas
        ref={canvas}
        width={side * 2}
        height={side * 2}
        role="img"
        aria-label={`${row.name}: ${formatCount(points.length)} images of ${formatCount(classes.length)} classes in the plane.${isThere}`}
        onPointerMove={move}
        onPointerLeave={() => onPoint(null)}
      />
    </figure>
  );
}
