import { useComputedColorScheme } from '@mantine/core';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { CurveStyle } from '../../common/charts/curve-style.ts';
import { runStyles } from '../../common/charts/run-styles.ts';
import type { ComparedRow } from '../../common/results/compared-rows.ts';
import { CurveSample } from '../charts/CurveSample.tsx';

const RowStyles = createContext<ReadonlyMap<string, CurveStyle>>(new Map());

/** Those that were given a colour; of a checkpoint that of its run, and behind it, so that the run's curve is the solid one. */
function coloursOf(rows: readonly ComparedRow[]): Map<string, string> {
  return new Map(rows.flatMap((row) => (row.run?.colour ? [[keyOf(row), row.run.colour] as const] : [])));
}

function keyOf({ kind, run, reference }: ComparedRow): string {
  if (!run) return reference;
  if (kind === 'run') return run.id;
  return run.colour === null ? reference : `${run.id} ${reference}`;
}

/**
 * Gives each row one colour and dash in all that is below. A run has the colour that it has in every view, and its
 * checkpoints too where it was given one; else they have theirs by their own names.
 */
export function RowStylesProvider({ rows, children }: { rows: readonly ComparedRow[]; children: ReactNode }) {
  const scheme = useComputedColorScheme('light');
  const styles = useMemo(() => {
    const byKey = runStyles(rows.map(keyOf), scheme, coloursOf(rows));
    return new Map(rows.map((row) => [row.reference, byKey.get(keyOf(row))!]));
  }, [rows, scheme]);
  return <RowStyles value={styles}>{children}</RowStyles>;
}

/** By the rows' references. */
export function useRowStyles(): ReadonlyMap<string, CurveStyle> {
  return useContext(RowStyles);
}

/** A piece of the row's curve. */
export function RowSample({ reference }: { reference: string }) {
  const style = useRowStyles().get(reference);
  return style && <CurveSample style={style} />;
}
