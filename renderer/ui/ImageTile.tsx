import { Check, X } from 'lucide-react';
import { useState } from 'react';
import styles from './ImageTile.module.css';

interface ImageTileProps {
  source: string;
  path: string;
  /** Its class. */
  words: string;
  note: string;
  /** Whether it is what it should be, by a mark and a border; null where nothing is known. */
  right: boolean | null;
  large?: boolean;
}

/** A small image with its class. */
export function ImageTile({ source, path, words, note, right, large = false }: ImageTileProps) {
  const [failed, setFailed] = useState(false);
  const Mark = right ? Check : X;
  return (
    <figure className={styles.tile} data-right={right ?? undefined} data-large={large || undefined} title={path}>
      {failed ? (
        <div className={styles.missing}>cannot be shown</div>
      ) : (
        <img src={source} alt={path} loading="lazy" draggable={false} onError={() => setFailed(true)} />
      )}
      <figcaption>
        <span className={styles.words}>
          {right !== null && <Mark size={12} aria-label={right ? 'right' : 'wrong'} className={styles.mark} />}
          {words}
        </span>
        <span className={styles.note}>{note}</span>
      </figcaption>
    </figure>
  );
}
