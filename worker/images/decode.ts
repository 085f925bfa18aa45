import { readFileSync } from 'node:fs';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { AppError } from '../../common/errors.ts';
import { emptyPicture, type Picture } from '../../engine/views/picture.ts';
import { decodeBitmap } from '../../system/bitmap.ts';
import { type ImageNature, sniffImage } from './sniff.ts';

/**
 * `pil`: the bytes of Pillow's `convert('RGB')`, which published numbers rest on: alpha dropped, EXIF orientation and
 * colour profiles ignored, 16-bit grey cut off at 255.
 * `natural`: as the eye sees it: turned upright, over white, colour-managed, 16 bit scaled.
 */
export const decodeModes = ['pil', 'natural'] as const;
export type DecodeMode = (typeof decodeModes)[number];

/**
 * Decodes the first frame of an image file, or of its bytes, which `name` stands for in errors. (A GIF's see-through pixels come out black: their colours
 * do not survive libvips.)
 * Throws AppError `data-invalid` that names the path and the reason when it is no image, broken or cut off.
 */
export async function decodeImage(
  source: string | Buffer,
  mode: DecodeMode,
  name = typeof source === 'string' ? source : 'The image',
): Promise<Picture> {
  try {
    const bytes = typeof source === 'string' ? readFileSync(source) : source;
    return await decodeBytes(bytes, mode);
  } catch (error) {
    throw new AppError('data-invalid', `${name}: ${reasonInWords(error)}`, {
      cure: 'Replace or remove the file; it is left out meanwhile.',
      cause: error,
    });
  }
}

/** Sets libvips up for many small decodes in parallel: no threads and no cache of its own. */
export function tuneDecoder(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}

async function decodeBytes(bytes: Buffer, mode: DecodeMode): Promise<Picture> {
  const nature = sniffImage(bytes);
  if (nature === 'empty') throw new Error('the file is empty');
  if (nature === 'bitmap') return decodeBitmap(bytes);
  return mode === 'natural' ? decodeNatural(bytes) : decodeAsPillow(bytes, nature);
}

// Pillow refuses files that are cut off and forgives other damage.
const options: SharpOptions = { failOn: 'error', limitInputPixels: 2 ** 28 };

async function decodeNatural(bytes: Buffer): Promise<Picture> {
  return rgb(sharp(bytes, options).autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb'));
}

async function decodeAsPillow(bytes: Buffer, nature: ImageNature): Promise<Picture> {
  const image = sharp(bytes, { ...options, ignoreIcc: true });
  const kind = nature === 'tiff' ? await tiffNature(image) : nature;
  if (kind === 'cmyk') return cmykToRgb(image);
  if (kind === 'grey16') return grey16ToRgb(image);
  return rgb(image);
}

async function tiffNature(image: Sharp): Promise<ImageNature> {
  const { space, channels, depth } = await image.metadata();
  if (space === 'cmyk') return 'cmyk';
  return depth === 'ushort' && channels === 1 ? 'grey16' : 'usual';
}

async function rgb(image: Sharp): Promise<Picture> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 3) return { width, height, data };
  const picture = emptyPicture(width, height);
  const colours = channels >= 3; // else grey, with or without alpha
  for (let source = 0, target = 0; target < picture.data.length; source += channels, target += 3) {
    picture.data[target] = data[source]!;
    picture.data[target + 1] = data[colours ? source + 1 : source]!;
    picture.data[target + 2] = data[colours ? source + 2 : source]!;
  }
  return picture;
}

/** Pillow's plain conversion: each ink lets (255 - ink) / 255 of the light through, and so does black. */
async function cmykToRgb(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = emptyPicture(info.width, info.height);
  for (let source = 0, target = 0; target < picture.data.length; source += info.channels, target += 3) {
    const light = 255 - data[source + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const inked = data[source + channel]! * light + 128;
      picture.data[target + channel] = Math.max(0, light - (((inked >> 8) + inked) >> 8));
    }
  }
  return picture;
}

/** Pillow does not scale 16-bit grey: whatever exceeds 255 is white. */
async function grey16ToRgb(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const picture = emptyPicture(info.width, info.height);
  for (let pixel = 0; pixel < info.width * info.height; pixel++) {
    picture.data.fill(Math.min(255, data.readUInt16LE(pixel * info.channels * 2)), pixel * 3, pixel * 3 + 3);
  }
  return picture;
}

/** Why a file could not be read or decoded, without its name. */
export function reasonInWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read';
  if (code === 'EISDIR') return 'this is a folder, not a file';
  const message = error instanceof Error ? error.message : String(error);
  if (/unsupported image format/i.test(message)) return 'this is not an image of a known kind';
  if (/premature end|read error|truncat|unexpected end|end of file/i.test(message)) {
    return `the file is cut off (${firstLine(message)})`;
  }
  if (/^unknown error$/i.test(message)) return 'the file is broken or cut off'; // libvips' message went to another thread
  return firstLine(message);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.trim();
}
