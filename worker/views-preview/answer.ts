/** One request of the page, drawn. */

import { AppError } from '../../common/errors.ts';
import type { JobEvent } from '../../common/events.ts';
import type { NumberedRequest, PreviewAnswer, PreviewImage, PreviewView } from '../../common/views-preview.ts';
import type { DecodeMode } from '../images/decode.ts';
import { createViewDrawer, overlapOf } from './draw-views.ts';
import { chooseImages, createPictures, createSources, type ImageSource } from './image-source.ts';
import { estimateOverlap } from './overlap-estimate.ts';
import type { Tiles } from './tiles.ts';
import { viewsOfConfig } from './views-of-config.ts';

type Answer = Omit<PreviewAnswer, 'number' | 'elapsedMs'>;

interface AnswererPorts {
  tiles: Tiles;
  report: (event: JobEvent) => void;
}

/** What rare pairs of crops may take of an answer. */
const estimateMs = 150;

export function createAnswerer({ tiles, report }: AnswererPorts) {
  const openSource = createSources();
  const decode = createPictures();

  /** Throws an AbortError, or AppError where nothing can be drawn: no images, a teacher that cannot be read. */
  return async function answer(request: NumberedRequest, signal: AbortSignal): Promise<Answer> {
    const { issues, views } = await viewsOfConfig(request);
    if (!views) return { images: [], count: 0, estimate: null, issues, problem: null };
    const { config, pipelines, paired } = views;
    const data = String(request.config.data ?? '');
    const source = await openSource({ data, file: request.file, report, signal });
    const draw = createViewDrawer(pipelines);
    // Pixels are drawn here, one picture after the other; files are read, packed and written beside that.
    const images = await Promise.all(chooseImages(source.count, request.images, request.choice).map(imageAt));
    const good = images.filter(({ problem }) => problem === null);
    const estimate = paired ? estimateOverlap(pipelines, good, config.seed, estimateMs) : null;
    return { images, count: source.count, estimate, issues, problem: null };

    async function imageAt(index: number): Promise<PreviewImage> {
      const named = { index, name: source.nameOf(index) };
      try {
        const path = source.pathOf(index);
        const picture = await decode(path, config.decode);
        const { width, height } = picture;
        const original = tiles.original(originalKey(path, config.decode), picture);
        const drawn = draw(picture, { seed: config.seed, epoch: request.epoch, index });
        const written = drawn.map(async ({ size, bytes, drawn }, view): Promise<PreviewView> => {
          return { file: await tiles.view(request.number, `${index}-${view}`, size, bytes), size, drawn };
        });
        return {
          ...named,
          problem: null,
          width,
          height,
          original: await original,
          views: await Promise.all(written),
          overlap: paired ? overlapOf(drawn.map(({ drawn }) => drawn?.box)) : null,
        };
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        return { ...named, problem: problemOf(thrown, index, source), ...nothing };
      }
    }
  };
}

const nothing = { width: 0, height: 0, original: null, views: [], overlap: null };

function originalKey(path: string, decode: DecodeMode): string {
  return `${decode} ${path}`;
}

/** The page says which image it is; the message need not begin with its whole path again. */
function problemOf({ message }: AppError, index: number, source: ImageSource): string {
  const path = source.pathOf(index);
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}
