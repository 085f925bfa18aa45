import { useMemo, useState } from 'react';

/** Runs that are chosen by their boxes, to do something with them together. */
export interface RunSelection {
  ids: ReadonlySet<string>;
  /** All that the page shows. */
  shown: readonly string[];
  choose: (ids: readonly string[], chosen: boolean) => void;
}

export function useRunSelection(shown: readonly string[]): RunSelection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return useMemo(
    () => ({
      ids,
      shown,
      choose: (changed, chosen) =>
        setIds((before) => {
          const after = new Set(before);
          for (const id of changed) {
            if (chosen) after.add(id);
            else after.delete(id);
          }
          return after;
        }),
    }),
    [ids, shown],
  );
}
