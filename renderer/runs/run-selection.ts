import { createContext, useContext } from 'react';

/** Runs that are chosen by their boxes, to do something with them together. */
export interface RunSelection {
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
}

export const RunSelectionContext = createContext<RunSelection>({ ids: new Set(), toggle: () => undefined });

export function useRunSelection(): RunSelection {
  return useContext(RunSelectionContext);
}
