import type { KeyboardEvent, PointerEvent } from 'react';
import styles from './RecordTable.module.css';

interface ResizeHandleProps {
  /** Of the column. */
  name: string;
  /** As it is, where that is known. */
  width: number | 'auto' | undefined;
  /** In px; undefined: as wide as it was at first. */
  onWidth: (width: number | undefined) => void;
}

const leastWidth = 48;
const mostWidth = 1200;
const keyStep = 16;

/** The right edge of a header: dragged, moved by the arrow keys, or double-clicked for the width that it had. */
export function ResizeHandle({ name, width, onWidth }: ResizeHandleProps) {
  const widthAt = (handle: Element) => handle.parentElement?.getBoundingClientRect().width ?? 0;
  const limited = (width: number) => Math.round(Math.max(leastWidth, Math.min(mostWidth, width)));

  function onPointerDown(event: PointerEvent<HTMLHRElement>) {
    const handle = event.currentTarget;
    const [from, before] = [event.clientX, widthAt(handle)];
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => onWidth(limited(before + moved.clientX - from));
    handle.onlostpointercapture = () => {
      handle.onpointermove = null;
    };
    event.preventDefault();
  }

  function onKeyDown(event: KeyboardEvent<HTMLHRElement>) {
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    onWidth(limited(widthAt(event.currentTarget) + direction * keyStep));
  }

  return (
    <hr
      className={styles.resize}
      aria-orientation="vertical"
      aria-label={`Width of ${name}`}
      aria-valuemin={leastWidth}
      aria-valuemax={mostWidth}
      aria-valuenow={typeof width === 'number' ? width : mostWidth}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onWidth(undefined)}
    />
  );
}
