export interface ChartDefinition {
  id: string;
  title: string;
  /** What to read from it, shown beside the title on request. */
  help: string;
  series: { name: string; label: string }[];
  format: (value: number) => string;
  /** The same for the axis, as short as can be. */
  formatTick: (value: number) => string;
  /** Few points, each drawn. */
  markers?: boolean;
  /** The scale may be logarithmic. */
  positive?: boolean;
}
