/** How much the crops of a pair share, over many draws. */
import type { OverlapEstimate } from '../../common/views-preview.ts';
import type { Picture } from '../../engine/views/picture.ts';
import type { PipelineConfig } from '../../engine/views/pipeline.ts';
import { drawBoxes, overlapOf } from './draw-views.ts';

const mostDraws = 600;
/** Fewer tell nothing, however busy the machine is. */
const leastDraws = 40;
const bins = 20;

interface ShownPicture extends Pick<Picture, 'width' | 'height'> {
  index: number;
}

/**
 * Over the pairs that training would show of these pictures in the epochs from 0 on; fewer than 600, but 40, where
 * rare pairs take longer than `limitMs` to find. Null without pictures.
 */
export function estimateOverlap(
  pipelines: PipelineConfig[],
  pictures: ShownPicture[],
  seed: number,
  limitMs: number,
): OverlapEstimate | null {
  if (pictures.length === 0) return null;
  const untilMs = performance.now() + limitMs;
  const counts = new Array<number>(bins).fill(0);
  let [draws, sum, apart] = [0, 0, 0];
  while (draws < mostDraws && (draws < leastDraws || performance.now() < untilMs)) {
    const picture = pictures[draws % pictures.length]!;
    const epoch = Math.floor(draws / pictures.length);
    const overlap = overlapOf(drawBoxes(pipelines, picture, { seed, epoch, index: picture.index })) ?? 0;
    counts[Math.min(bins - 1, Math.floor(overlap * bins))]! += 1;
    sum += overlap;
    apart += overlap === 0 ? 1 : 0;
    draws++;
  }
  return { draws, mean: sum / draws, apart: apart / draws, counts };
}
