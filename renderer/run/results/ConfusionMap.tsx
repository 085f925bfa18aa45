import { useComputedColorScheme } from '@mantine/core';
import { type MouseEvent, useEffect, useMemo, useRef } from 'react';
import type { ConfusionFile } from '../../../common/confusion.ts';
import { axisColours } from '../../charts/palette.ts';
import { formatCount } from '../../ui/format.ts';
import { mapOf, pairNear } from './confusion-map.ts';
import styles from './Results.module.css';

interface ConfusionMapProps {
  file: ConfusionFile;
  /** The place that the matrix shows. */
  shown: { label: number; guess: number } | null;
  /** A click near a confusion. */
  onPick: (label: number, guess: number) => void;
}

/** px, of the picture as it is drawn. */
const side = 400;
const nearPx = 6;

/** All classes by all classes, a dot for each confusion: where they lie, and a place to zoom in on. */
export function ConfusionMap({ file, shown, onPick }: ConfusionMapProps) {
  const scheme = useComputedColorScheme('light');
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useMemo(() => mapOf(file, side), [file]);
  const classes = file.classes.length;

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const { cells, values } = map;
    const size = side / cells;
    context.clearRect(0, 0, side, side);
    context.fillStyle = scheme === 'light' ? '#c92a2a' : '#ff8787';
    for (const [at, value] of values) {
      context.globalAlpha = 0.25 + 0.75 * value;
      // A single dot must be seen on a large map.
      const dot = Math.max(size, 1.5);
      context.fillRect((at % cells) * size, Math.floor(at / cells) * size, dot, dot);
    }
    context.globalAlpha = 1;
    context.strokeStyle = axisColours[scheme].text;
    if (!shown) return;
    const scale = side / classes;
    context.strokeRect((shown.guess + 0.5) * scale - 7, (shown.label + 0.5) * scale - 7, 14, 14);
  }, [map, scheme, shown, classes]);

  function pick(event: MouseEvent<HTMLCanvasElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (offset: number, length: number) => (offset / length) * classes;
    const [row, column] = [place(event.clientY - box.top, box.height), place(event.clientX - box.left, box.width)];
    const found = pairNear(file, row, column, (nearPx * classes) / box.width);
    if (found) onPick(...found);
  }

  return (
    <figure className={styles.map}>
      <canvas
        ref={canvas}
        width={side}
        height={side}
        role="img"
        aria-label={`${formatCount(file.confusions.length)} confusions of ${formatCount(classes)} classes, true ones from the top, predicted ones from the left. Search a class to zoom in on it.`}
        onClick={pick}
      />
      <figcaption>All {formatCount(classes)} classes. Click a dot to zoom in on it.</figcaption>
    </figure>
  );
}
