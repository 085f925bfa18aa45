/** Round numbers along an axis. */

/** At most about `count` multiples of 1, 2 or 5 times a power of ten within the range, ascending. */
export function linearTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * (1 - 1e-9))!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Multiplied, not added up, and cut to the digits of the step: 0.30000000000000004 is 0.3.
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)));
}

/** Powers of ten within the range; with fewer than two of them also their double and fivefold. */
export function logarithmicTicks(low: number, high: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const within = (value: number) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const tens = powers.map(powerOfTen).filter(within);
  if (tens.length >= 2) return tens;
  return powers.flatMap((power) => [1, 2, 5].map((factor) => Number(`${factor}e${power}`))).filter(within);
}

function powerOfTen(power: number): number {
  return Number(`1e${power}`);
}
