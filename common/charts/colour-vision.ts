/** How far apart colours look, also to eyes that lack a cone, and how well they stand out from their ground. */

type Triple = readonly [number, number, number];

/** Of linear RGB, at full severity: Machado, Oliveira and Fernandes (2009), A physiologically-based model, table 1. */
const visions: readonly (readonly [Triple, Triple, Triple])[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  // Protanopia.
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  // Deuteranopia.
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
];

/** `#rrggbb` as linear RGB, each 0 to 1 (IEC 61966-2-1). */
function linearOf(colour: string): Triple {
  const channel = (start: number) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** OKLab of linear RGB (Ottosson 2020): lightness 0 to 1, green to red, blue to yellow. */
function oklabOf([red, green, blue]: Triple): Triple {
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  ];
}

const seen = new Map<string, Triple[]>();
const mostSeen = 1000;

/** In OKLab, by each kind of vision. */
function seenAs(colour: string): Triple[] {
  const known = seen.get(colour);
  if (known) return known;
  const linear = linearOf(colour);
  const found = visions.map((rows) => {
    const [red, green, blue] = rows.map((row) =>
      Math.min(1, Math.max(0, row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2])),
    );
    return oklabOf([red!, green!, blue!]);
  });
  if (seen.size >= mostSeen) seen.clear();
  seen.set(colour, found);
  return found;
}

/**
 * How far apart two colours look to whoever tells them apart least: with three cones, without the long, without the
 * middle one. Euclidean in OKLab: 0 the same, 1 black and white.
 *
 * @param a as `#rrggbb`
 */
export function colourDistance(a: string, b: string): number {
  const other = seenAs(b);
  return Math.min(...seenAs(a).map((one, vision) => Math.hypot(...one.map((part, at) => part - other[vision]![at]!))));
}

/** Of two colours, 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrastRatio(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = linearOf(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [darker, lighter] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (lighter! + 0.05) / (darker! + 0.05);
}
