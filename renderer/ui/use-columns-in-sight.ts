import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo } from 'react';

/** Which columns of a wide table are in the page: the pinned ones, and those in sight with room for the others. */
export interface ColumnsInSight {
  pinned: number;
  /** The first one in sight behind the pinned ones, and the one after the last. */
  from: number;
  to: number;
  /** Room of those left of it and right of it, px. */
  before: number;
  after: number;
}

/**
 * @param widths px, of all columns
 * @param pinned how many at the left stay in sight
 */
export function useColumnsInSight(
  scroller: RefObject<HTMLElement | null>,
  widths: readonly number[],
  pinned: number,
): ColumnsInSight {
  const virtualizer = useVirtualizer({
    horizontal: true,
    count: widths.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[index] ?? 0,
    overscan: 2,
    // Before it is measured, a table is as wide as its window: not all of its columns are drawn.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
  });
  const known = widths.join();
  // Other widths are other places.
  useEffect(() => virtualizer.measure(), [known, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const from = Math.min(widths.length, Math.max(pinned, items[0]?.index ?? pinned));
  const to = Math.max(from, (items.at(-1)?.index ?? widths.length - 1) + 1);
  return useMemo(() => {
    const all = known === '' ? [] : known.split(',').map(Number);
    const sum = (some: number[]) => some.reduce((total, width) => total + width, 0);
    return { pinned, from, to, before: sum(all.slice(pinned, from)), after: sum(all.slice(to)) };
  }, [known, pinned, from, to]);
}
