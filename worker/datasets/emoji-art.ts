import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { AppError } from '../../common/errors.ts';

/** A set of emoji drawn by one hand, as an npm package of Iconify carries it. */
export interface Artist {
  id: string;
  name: string;
  licence: string;
  source: string;
}

/** Artists whose drawings are in the training split and the first probe set. */
export const trainingArtists: readonly Artist[] = [
  { id: 'twemoji', name: 'Twemoji', licence: 'CC BY 4.0', source: 'https://github.com/jdecked/twemoji' },
  { id: 'noto', name: 'Noto Emoji', licence: 'Apache 2.0', source: 'https://github.com/googlefonts/noto-emoji' },
];

/** The artist that training never sees. */
export const unseenArtist: Artist = {
  id: 'emojione',
  name: 'EmojiOne 2',
  licence: 'CC BY 4.0',
  source: 'https://github.com/EmojiTwo/emojitwo',
};

/** SVG elements and the box they are drawn in, in user units. */
export interface Drawing {
  body: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where a drawing goes: `scale` is its side as a share of the picture's, the centre is in picture sides. */
export interface Placement {
  scale: number;
  centreX: number;
  centreY: number;
  rotationDegrees: number;
  flipped: boolean;
}

/** The Iconify JSON format, as far as it is used here: a field of the set is the default of its icons. */
interface IconSet extends Partial<Drawing> {
  icons: Record<string, Partial<Drawing> & { body: string }>;
}

/** The drawings of `names` by one artist. An `environment` error where the package is absent or lacks a name. */
export async function readDrawings(artist: Artist, names: readonly string[]): Promise<Map<string, Drawing>> {
  const packageName = `@iconify-json/${artist.id}`;
  const set = await readIconSet(packageName);
  return new Map(
    names.map((name) => {
      const icon = set.icons[name];
      if (icon === undefined) {
        throw new AppError('environment', `${packageName} holds no drawing named "${name}"`, {
          cure: 'Install the packages again, at the versions of package-lock.json: npm ci',
        });
      }
      return [name, { ...boxOf(set), ...icon }];
    }),
  );
}

async function readIconSet(packageName: string): Promise<IconSet> {
  try {
    const path = createRequire(import.meta.url).resolve(`${packageName}/icons.json`);
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AppError('environment', `The emoji drawings of ${packageName} cannot be read`, {
      cure: 'Install the packages again: npm ci',
      cause,
    });
  }
}

function boxOf({ left = 0, top = 0, width = 16, height = 16 }: IconSet): Omit<Drawing, 'body'> {
  return { left, top, width, height };
}

/**
 * A square SVG of `sizePixels` with the drawing on white. All geometry is in the SVG, so that the renderer draws at the
 * final size: resampling a larger picture would add arithmetic that differs from processor to processor.
 */
export function placeDrawing(drawing: Drawing, placement: Placement, sizePixels: number): string {
  const { left, top, width, height, body } = drawing;
  const scale = (placement.scale * sizePixels) / Math.max(width, height);
  const transform = [
    `translate(${placement.centreX * sizePixels} ${placement.centreY * sizePixels})`,
    `rotate(${placement.rotationDegrees})`,
    `scale(${placement.flipped ? -scale : scale} ${scale})`,
    `translate(${-left - width / 2} ${-top - height / 2})`,
  ].join(' ');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${sizePixels}" height="${sizePixels}"><rect width="100%" height="100%" fill="#fff"/>` +
    `<g transform="${transform}">${body}</g></svg>`
  );
}
