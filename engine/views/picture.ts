/** 8-bit RGB, interleaved, rows from the top: `data[(y * width + x) * 3 + channel]`. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A rectangle of pixels. */
export interface Box {
  top: number;
  left: number;
  height: number;
  width: number;
}

export function emptyPicture(width: number, height: number): Picture {
  return { width, height, data: new Uint8Array(width * height * 3) };
}

/** Python's round(): halves go to the even neighbour. Box corners depend on it. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
