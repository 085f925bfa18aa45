/**
 * Hue as torchvision's `adjust_hue` has it on a Pillow image: to 8-bit HSV, hue moved by a whole number of 1/255
 * turns (wrapping at 256), and back. Both conversions are Pillow's to the bit, with their mixture of single and double
 * precision: exact thirds and sixths of a turn are common, and how they round shows.
 */
export function createHue(): (data: Uint8Array, table: Uint8Array, factor: number) => void {
  const hues = hueTable();
  const saturations = saturationTable();
  const sixths = new Uint8Array(256);
  const fractions = new Float32Array(256); // the place of a hue within its sixth of the circle
  for (let hue = 0; hue < 256; hue++) {
    sixths[hue] = Math.floor((hue * 6) / 255) % 6;
    fractions[hue] = (hue * 6) / 255 - Math.floor((hue * 6) / 255);
  }

  /** `factor` in turns, -0.5 .. 0.5. Reads `data` through `table` and writes the result back into `data`. */
  return function adjustHue(data, table, factor) {
    const shift = Math.trunc(factor * 255) & 255;
    for (let index = 0; index < data.length; index += 3) {
      const red = table[data[index]!]!;
      const green = table[data[index + 1]!]!;
      const blue = table[data[index + 2]!]!;
      const value = red > green ? Math.max(red, blue) : Math.max(green, blue);
      const least = red < green ? Math.min(red, blue) : Math.min(green, blue);
      const chroma = value - least;
      const saturation = saturations[(value << 8) | chroma]!;
      if (saturation === 0) {
        data[index] = value;
        data[index + 1] = value;
        data[index + 2] = value;
        continue;
      }
      // Which channel is largest, which least, and how far the middle one lies below the largest.
      let order: number;
      let below: number;
      if (red === value) {
        order = blue === least ? 0 : 1;
        below = value - (blue === least ? green : blue);
      } else if (green === value) {
        order = blue === least ? 2 : 3;
        below = value - (blue === least ? red : blue);
      } else {
        order = red === least ? 4 : 5;
        below = value - (red === least ? green : red);
      }
      const hue = (hues[(order << 16) | (below << 8) | chroma]! + shift) & 255;

      const strength = Math.fround(saturation / 255);
      const fraction = fractions[hue]!;
      const low = (value * (1 - strength) + 0.5) | 0;
      const falling = (value * (1 - Math.fround(strength * fraction)) + 0.5) | 0;
      const rising = (value * (1 - strength * (1 - fraction)) + 0.5) | 0;
      const sixth = sixths[hue]!;
      data[index] = sixth === 0 || sixth === 5 ? value : sixth === 1 ? falling : sixth === 4 ? rising : low;
      data[index + 1] = sixth === 1 || sixth === 2 ? value : sixth === 0 ? rising : sixth === 3 ? falling : low;
      data[index + 2] = sixth === 3 || sixth === 4 ? value : sixth === 2 ? rising : sixth === 5 ? falling : low;
    }
  };
}

/** 8-bit hue of (order of the channels, largest minus middle, chroma): the whole of the way from RGB to hue. */
function hueTable(): Uint8Array {
  const table = new Uint8Array(6 << 16);
  for (let chroma = 1; chroma < 256; chroma++) {
    for (let below = 0; below <= chroma; below++) {
      const middle = Math.fround(below / chroma); // the least channel has 1 here, the largest 0
      const sixths = [1 - middle, middle - 1, 2 + middle - 1, 2 + 1 - middle, 4 + middle - 1, 4 + 1 - middle];
      sixths.forEach((sixth, order) => {
        const turn = Math.fround((Math.fround(sixth) / 6 + 1) % 1);
        table[(order << 16) | (below << 8) | chroma] = Math.trunc(turn * 255);
      });
    }
  }
  return table;
}

/** 8-bit saturation of (value, chroma), at index value * 256 + chroma. */
function saturationTable(): Uint8Array {
  const table = new Uint8Array(65536);
  for (let value = 1; value < 256; value++) {
    for (let chroma = 1; chroma <= value; chroma++) {
      table[(value << 8) | chroma] = Math.trunc(Math.fround(chroma / value) * 255);
    }
  }
  return table;
}
