/** Numbers as a table of results writes them. */

/** Not-a-numbers and infinities as such; a true minus sign. */
export function formatNumber(value: number, decimals: number | null): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const text = decimals === null ? String(value) : value.toFixed(decimals);
  // -0.001 to two digits is no negative number.
  if (!/[1-9]/.test(text)) return text.replace('-', '');
  return text.replace('-', '−');
}

/** With its sign, also where it is positive: of a difference. */
export function formatDelta(value: number, decimals: number | null): string {
  const text = formatNumber(value, decimals);
  return /^[−N]/.test(text) || !/[1-9∞]/.test(text) ? text : `+${text}`;
}
