import { Button, Group, Select, Skeleton, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { RunRecord } from '../../../common/records.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { formatCount } from '../../ui/format.ts';
import { ImageTile } from '../../ui/ImageTile.tsx';
import { drawPoints } from './draw-points.ts';
import { imageUrl } from './image-url.ts';
import styles from './Projection.module.css';
import { classColour, isInside, nearestPlace, type Place, type ProjectedPoint, placesOn } from './projection-points.ts';
import { projectionQuery } from './use-result-file.ts';

const side = 640;
const margin = 16;
const hoverPx = 12;
/** An outline of less is a click. */
const lassoPoints = 6;
const mostListed = 60;

/** The features in the plane: an image under the pointer, and those inside of an outline as a list. */
export function ProjectionScatter({ run }: { run: RunRecord }) {
  const file = useQuery(projectionQuery(run));
  if (file.error) return <ErrorNotice title="The points could not be read" error={file.error} />;
  if (!file.data) return <Skeleton height={side} aria-busy aria-label="Loading the points" />;
  return <Scatter run={run} points={file.data} />;
}

function Scatter({ run, points }: { run: RunRecord; points: ProjectedPoint[] }) {
  const scheme = useComputedColorScheme('light');
  const canvas = useRef<HTMLCanvasElement>(null);
  const outline = useRef<Place[] | null>(null);
  const [hovered, setHovered] = useState(-1);
  const [selected, setSelected] = useState<number[]>([]);
  const [shownClass, setShownClass] = useState<string | null>(null);
  const [drawing, setDrawing] = useState(0);
  const places = useMemo(() => placesOn(points, side, margin), [points]);
  const classes = useMemo(() => [...new Set(points.map(({ label }) => label))].filter(Boolean).sort(), [points]);
  const labels = useMemo(() => new Map(classes.map((name, label) => [name, label])), [classes]);

  useEffect(() => {
    // Named, so that the outline is drawn as it grows.
    void drawing;
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const chosen = new Set(selected);
    drawPoints(context, points, {
      places,
      side,
      colourOf: (label) => classColour(labels.get(label) ?? -1, scheme),
      hovered,
      isOutside: (index) =>
        (shownClass !== null && points[index]!.label !== shownClass) || (chosen.size > 0 && !chosen.has(index)),
    });
    if (!outline.current || outline.current.length < 2) return;
    context.strokeStyle = scheme === 'light' ? '#4263eb' : '#91a7ff';
    context.lineWidth = 1.5;
    context.beginPath();
    for (const { x, y } of outline.current) context.lineTo(x, y);
    context.stroke();
  }, [points, places, labels, scheme, hovered, selected, shownClass, drawing]);

  function placeOf(event: PointerEvent<HTMLCanvasElement>): Place {
    const box = event.currentTarget.getBoundingClientRect();
    const scale = side / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  function move(event: PointerEvent<HTMLCanvasElement>) {
    const place = placeOf(event);
    if (!outline.current) return setHovered(nearestPlace(places, place, hoverPx));
    outline.current.push(place);
    setDrawing(outline.current.length);
  }

  function release() {
    const drawn = outline.current;
    outline.current = null;
    setDrawing(0);
    if (!drawn) return;
    if (drawn.length < lassoPoints) return setSelected([]);
    setSelected([...places.keys()].filter((index) => isInside(drawn, places[index]!)));
  }

  const list = selected.length > 0 ? selected : shownClass === null ? [] : indicesOf(points, shownClass);
  const point = points[hovered];
  return (
    <section data-result="projection">
      <Title order={2} mb="xs">
        Features in the plane
      </Title>
      <div className={styles.columns}>
        <div className={`surface ${styles.plane}`}>
          <canvas
            ref={canvas}
            width={side * (window.devicePixelRatio || 1)}
            height={side * (window.devicePixelRatio || 1)}
            role="img"
            aria-label={`${formatCount(points.length)} images of ${formatCount(classes.length)} classes, alike ones near one another. Choose a class to list its images.`}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              outline.current = [placeOf(event)];
            }}
            onPointerMove={move}
            onPointerUp={release}
            onPointerCancel={release}
            onPointerLeave={() => setHovered(-1)}
          />
        </div>
        <div className={styles.aside}>
          <Select
            label="Class"
            placeholder="All"
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'All classes' }}
            data={classes}
            value={shownClass}
            onChange={(value) => {
              setShownClass(value);
              setSelected([]);
            }}
          />
          <div className={styles.hovered} aria-live="polite">
            {point ? (
              <ImageTile
                key={point.path}
                source={imageUrl(run, point.path)}
                path={point.path}
                words={point.label || nameOf(point.path)}
                note={point.view === null ? nameOf(point.path) : `view ${point.view}`}
                right={null}
                large
              />
            ) : (
              <Text fz="sm" className="quiet">
                An image is shown where the pointer is. Draw around some to list them.
              </Text>
            )}
          </div>
        </div>
      </div>
      {list.length > 0 && (
        <div className={`surface ${styles.list}`} data-result="selected-images">
          <Group justify="space-between" mb="xs">
            <Text fz="sm" className="numbers" role="status">
              {formatCount(list.length)} images
              {list.length > mostListed ? `, the first ${mostListed} of them` : ''}: {countsWords(points, list)}
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                setSelected([]);
                setShownClass(null);
              }}
            >
              None
            </Button>
          </Group>
          <div className={styles.tiles}>
            {list.slice(0, mostListed).map((index) => {
              const { path, label, view } = points[index]!;
              return (
                <ImageTile
                  key={index}
                  source={imageUrl(run, path)}
                  path={path}
                  words={label || nameOf(path)}
                  note={view === null ? nameOf(path) : `view ${view}`}
                  right={null}
                />
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}

function indicesOf(points: readonly { label: string }[], label: string): number[] {
  return points.flatMap((point, index) => (point.label === label ? [index] : []));
}

/** How many of which class, the most frequent first. */
function countsWords(points: readonly { label: string }[], list: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const index of list) {
    const { label } = points[index]!;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const words = sorted.slice(0, 6).map(([label, count]) => `${count} ${label || 'without a class'}`);
  return [...words, ...(sorted.length > 6 ? [`and ${sorted.length - 6} more classes`] : [])].join(', ');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
