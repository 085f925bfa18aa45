import type { Picture } from './picture.ts';

/** Mirrors left and right, in place. (A view's pipeline flips while it writes its floats instead.) */
export function flipHorizontal({ width, height, data }: Picture): void {
  for (let y = 0; y < height; y++) {
    for (let left = y * width * 3, right = left + (width - 1) * 3; left < right; left += 3, right -= 3) {
      for (let channel = 0; channel < 3; channel++) {
        const kept = data[left + channel]!;
        data[left + channel] = data[right + channel]!;
        data[right + channel] = kept;
      }
    }
  }
}
