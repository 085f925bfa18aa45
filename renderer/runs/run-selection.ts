import { createContext, useContext, useMemo, useState } from 'react';

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

/** For the boxes of a table, of which each is drawn again, and nothing else, when another run is chosen. */
export const RunSelectionContext = createContext<RunSelection | null>(null);

export function useChosen(): RunSelection {
  const selection = useContext(RunSelectionContext);
  if (!selection) throw new Error('useChosen outside of RunSelectionContext');
  return selection;
}
