import { createContext, useContext, useMemo, useState } from 'react';

/** Checkpoints that are chosen by their boxes, to be compared. */
interface CheckpointSelection {
  /** In the order in which they were chosen. */
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  clear: () => void;
}

export const CheckpointSelectionContext = createContext<CheckpointSelection>({
  ids: new Set(),
  toggle: () => undefined,
  clear: () => undefined,
});

export function useCheckpointSelection(): CheckpointSelection {
  return useContext(CheckpointSelectionContext);
}

export function useNewSelection(): CheckpointSelection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return useMemo(
    () => ({
      ids,
      toggle: (id) =>
        setIds((before) => {
          const after = new Set(before);
          if (!after.delete(id)) after.add(id);
          return after;
        }),
      clear: () => setIds(new Set()),
    }),
    [ids],
  );
}
