import { Text, useComputedColorScheme } from '@mantine/core';
import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import type { PreviewImage, PreviewView } from '../../common/views-preview.ts';
import { taskFileUrl } from '../api/client.ts';
import { curveStyle } from '../charts/palette.ts';
import styles from './Augmentations.module.css';
import { Lines, ViewTile } from './ViewTile.tsx';
import { percent, wordsOf } from './view-words.ts';

interface ImageCardProps {
  task: string;
  image: PreviewImage;
  /** Two views that are compared; otherwise one, and small crops of the image. */
  paired: boolean;
}

/** An image with its views beside it, and their crops drawn over it. */
export function ImageCard({ task, image, paired }: ImageCardProps) {
  const scheme = useComputedColorScheme('light');
  const [looked, setLooked] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  if (image.problem !== null) return <BrokenCard image={image} />;

  const colourOf = (view: number) => curveStyle(view === 0 ? 0 : 1, scheme).colour;
  const labelOf = (view: number) => (paired ? `View ${view + 1}` : view === 0 ? 'View' : `Small crop ${view}`);
  const told = looked ?? pinned;
  const big = paired ? image.views : image.views.slice(0, 1);
  const small = paired ? [] : image.views.slice(1);
  const tileOf = (view: PreviewView, place: number) => (
    <ViewTile
      key={labelOf(place)}
      label={`${labelOf(place)} of ${image.name}`}
      words={wordsOf(view.drawn, image)}
      source={taskFileUrl(task, view.file)}
      size={view.size}
      colour={colourOf(place)}
      pinned={pinned === place}
      onLook={(looking) => setLooked(looking ? place : null)}
      onPin={() => setPinned(pinned === place ? null : place)}
    />
  );
  return (
    <article className={`surface ${styles.card}`} aria-label={image.name} data-image={image.index}>
      <div className={paired ? styles.three : styles.two}>
        <div className={styles.original}>
          {image.original && (
            <img src={taskFileUrl(task, image.original)} alt={`${image.name}, whole`} draggable={false} />
          )}
          <svg viewBox={`0 0 ${image.width} ${image.height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
            {image.views.map(({ drawn, file }, view) =>
              drawn && (told === null ? view < 2 || !paired : told === view) ? (
                <g key={file} className={styles.crop}>
                  <rect x={drawn.box.left} y={drawn.box.top} width={drawn.box.width} height={drawn.box.height} />
                  <rect
                    x={drawn.box.left}
                    y={drawn.box.top}
                    width={drawn.box.width}
                    height={drawn.box.height}
                    style={{ stroke: colourOf(view), strokeDasharray: view === 0 ? undefined : '6 3' }}
                  />
                </g>
              ) : null,
            )}
          </svg>
        </div>
        {big.map(tileOf)}
      </div>
      {small.length > 0 && <div className={styles.small}>{small.map((view, at) => tileOf(view, at + 1))}</div>}
      <div className={styles.caption}>
        <Text fz="xs" truncate title={image.name}>
          {image.name}
        </Text>
        <Text fz="xs" className="quiet numbers" style={{ whiteSpace: 'nowrap' }}>
          {image.overlap === null ? `${image.width} × ${image.height}` : `IoU ${percent(image.overlap)}`}
        </Text>
      </div>
      {pinned !== null && image.views[pinned] && (
        <div className={styles.pinned}>
          <Text fz="xs" fw={600}>
            {labelOf(pinned)}
          </Text>
          <Lines words={wordsOf(image.views[pinned].drawn, image)} />
        </div>
      )}
    </article>
  );
}

function BrokenCard({ image }: { image: PreviewImage }) {
  return (
    <article className={`surface ${styles.card} ${styles.broken}`} aria-label={image.name} data-image={image.index}>
      <ImageOff size={28} strokeWidth={1.4} aria-hidden />
      <Text fz="sm">{image.name}</Text>
      <Text fz="xs" className="quiet" ta="center">
        Cannot be shown: {image.problem}. Training takes the next good image in its place.
      </Text>
    </article>
  );
}
