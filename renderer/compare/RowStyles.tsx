import { useComputedColorScheme } from '@mantine/core';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { CurveStyle } from '../../common/charts/curve-style.ts';
import { runStyles } from '../../common/charts/run-styles.ts';
import type { ComparedRow } from '../../common/results/compared-rows.ts';
import { CurveSample } from '../charts/CurveSample.tsx';

const RowStyles = createContext<ReadonlyMap<string, CurveStyle>>(new Map());

/** Gives each row one colour and dash in all that is below; a run has the colour that it has in every view. */
export function RowStylesProvider({ rows, children }: { rows: readonly ComparedRow[]; children: ReactNode }) {
  const scheme = useComputedColorScheme('light');
  const styles = useMemo(() => {
    const keyOf = ({ kind, run, reference }: ComparedRow) => (kind === 'run' && run ? run.id : reference);
    const byKey = runStyles(rows.map(keyOf), scheme);
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
