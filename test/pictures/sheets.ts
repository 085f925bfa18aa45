/** Many pictures on one sheet, each by its name, to look at them at once. */
import { basename } from 'node:path';
import sharp from 'sharp';

const cellPx = { width: 480, height: 380 };
const captionPx = 22;
const columns = 4;
const perSheet = 12;

/** @returns the files that were written, `<file>-1.png` and on */
export async function writeSheets(pictures: readonly string[], file: string): Promise<void> {
  for (let start = 0; start < pictures.length; start += perSheet) {
    const part = pictures.slice(start, start + perSheet);
    const cells = await Promise.all(
      part.map(async (picture, place) => {
        const left = (place % columns) * cellPx.width;
        const top = Math.floor(place / columns) * cellPx.height;
        const box = { width: cellPx.width - 8, height: cellPx.height - captionPx - 4 };
        const small = await sharp(picture)
          .resize({ ...box, fit: 'inside', position: 'top' })
          .png()
          .toBuffer();
        return [
          { input: caption(basename(picture, '.png')), left: left + 4, top },
          { input: small, left: left + 4, top: top + captionPx },
        ];
      }),
    );
    const rows = Math.ceil(part.length / columns);
    const size = { width: columns * cellPx.width, height: rows * cellPx.height };
    const sheet = sharp({ create: { ...size, channels: 3, background: '#888888' } });
    await sheet
      .composite(cells.flat())
      .png()
      .toFile(`${file}-${1 + start / perSheet}.png`);
  }
}

function caption(text: string): Buffer {
  const size = `width="${cellPx.width - 8}" height="${captionPx}"`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}><text y="16" font-size="14" font-family="sans-serif">${text}</text></svg>`,
  );
}
