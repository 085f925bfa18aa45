/** Where values lie between the least and the greatest, with a little room, and round numbers among them. */
export function scaleOf(values: readonly number[]) {
  const [least, greatest] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const room = Math.max((greatest - least) * 0.08, Math.abs(greatest) * 1e-3, 1e-6);
  const [from, to] = [least - room, greatest + room];
  const rough = (to - from) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const start = Math.ceil(from / unit);
  const ticks = Array.from({ length: Math.max(0, Math.floor(to / unit) - start + 1) }, (_, at) => (start + at) * unit);
  return { share: (value: number) => (value - from) / (to - from), ticks };
}
