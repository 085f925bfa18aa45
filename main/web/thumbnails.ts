/**
 * `/thumbnails/runs/<id>/<path below the folder of its images>?side=112`, or of `tasks`: an image that a run or a task
 * worked on, made small.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { RunRecord } from '../../common/records.ts';
import { decodeBitmap } from '../../system/bitmap.ts';
import type { Services } from '../services/index.ts';
import { decodeSegment } from './files.ts';

/** What knows where the images of a run or a task lie. */
interface ImageServices {
  runs: { get(id: string): Pick<RunRecord, 'config'> };
  tasks: Pick<Services['tasks'], 'configOf'>;
}

export interface Thumbnail {
  bytes: Uint8Array;
  contentType: string;
}

const isImage = /\.(?:jpe?g|png|webp|gif|tiff?|bmp)$/i;
const usualSide = 112;
const mostSide = 512;

/**
 * Null where there is no such run, or no image there that can be read. Whatever is asked for, only the pixels of an
 * image below the folder that the run itself names leave this machine; links in that folder are followed, as by the run.
 */
export async function thumbnailOf(
  services: ImageServices,
  [kind, id, ...segments]: string[],
  query: URLSearchParams,
): Promise<Thumbnail | null> {
  const config = configOf(services, kind, id);
  const file = config && fileOf(config, segments);
  if (!file) return null;
  const side = Math.min(mostSide, Math.max(16, Number.parseInt(query.get('side') ?? '', 10) || usualSide));
  try {
    if (!(await stat(file)).isFile()) return null;
    // Small images keep their pixels: they are enlarged by the page.
    const small = (await imageOf(file)).resize(side, side, { fit: 'inside', withoutEnlargement: true });
    return { bytes: new Uint8Array(await small.webp({ quality: 82 }).toBuffer()), contentType: 'image/webp' };
  } catch {
    return null; // gone, or no image
  }
}

/** Windows bitmaps are read by our own decoder, as by the runs: libvips has none. */
async function imageOf(file: string): Promise<Sharp> {
  if (!/\.bmp$/i.test(file)) return sharp(file, { failOn: 'none' });
  const { data, width, height } = decodeBitmap(await readFile(file));
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function configOf(services: ImageServices, kind: string | undefined, segment: string | undefined) {
  const id = segment && decodeSegment(segment);
  if (!id) return null;
  try {
    if (kind === 'runs') return services.runs.get(id).config;
    return kind === 'tasks' ? services.tasks.configOf(id) : null;
  } catch {
    return null;
  }
}

function fileOf(config: Record<string, unknown>, segments: string[]): string | null {
  const names = segments.map(decodeSegment);
  if (names.length === 0 || typeof config.data !== 'string' || !names.every((name) => name !== null)) return null;
  return isImage.test(names.at(-1)!) ? join(config.data, ...names) : null;
}
