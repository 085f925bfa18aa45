const imageExtension = /\.(?:jpe?g|png|webp|gif|tiff?|bmp)$/i;

/** Whether a file's name says that it holds an image. */
export function isImageName(name: string): boolean {
  return imageExtension.test(name) && !isHidden(name);
}

/** Dot files, and the folder of resource forks that macOS leaves in archives: `._photo.jpg` there is no picture. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX';
}

/** Order of code points, that of Python's `sorted`. JavaScript's own order puts U+10000 and above before U+E000. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    const bothHigh = left >= 0xd800 && right >= 0xd800;
    return bothHigh ? afterSurrogates(left) - afterSurrogates(right) : left - right;
  }
  return a.length - b.length;
}

/** Surrogates (U+D800 .. U+DFFF), which stand for code points above all others, moved behind U+FFFF. */
function afterSurrogates(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
