/** How numbers and spans of time are written at the terminal. */

/** "4.2 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const parts: [number, string, number, string] =
    seconds < 3600 ? [60, 'min', 1, 's'] : seconds < 86_400 ? [3600, 'h', 60, 'min'] : [86_400, 'd', 3600, 'h'];
  const [large, largeName, small, smallName] = parts;
  const whole = Math.floor(Math.round(seconds / small) / (large / small));
  const rest = Math.round(seconds / small) % (large / small);
  return rest > 0 ? `${whole} ${largeName} ${rest} ${smallName}` : `${whole} ${largeName}`;
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const place = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  const value = count / 1000 ** place;
  return `${value.toFixed(place === 0 || value >= 100 ? 0 : 1)} ${units[place]}`;
}

/** Three significant digits, as many as a loss is worth. */
export function loss(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(3) : String(value);
}

export function percent(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)} %` : String(value);
}

/** Columns as wide as their longest cell; numbers to the right. */
export function table(header: string[], rows: string[][]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[], numeric: (cell: string) => boolean) =>
    cells
      .map((cell, column) => (numeric(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  const isNumber = (cell: string) => /^[\d.,-]+( %)?$/.test(cell) && cell !== '-';
  return [line(header, () => false), ...rows.map((row) => line(row, isNumber))].join('\n');
}
