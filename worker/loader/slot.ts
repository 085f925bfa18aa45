import type { PipelineConfig } from '../../engine/views/pipeline.ts';

/** Memory of one batch. A loader has a few and uses them in turn. */
export interface BatchSlot {
  /** See `slotField`. */
  control: Int32Array;
  /** Pictures of the batch; a thread writes the stand-in's index, or -1, for a broken one. [batch] */
  indices: Int32Array;
  /** For each pipeline its floats, [batch, imageSize, imageSize, 3]. */
  views: Float32Array[];
}

/** Places within `BatchSlot.control`. */
export const slotField = {
  /** Positions that no thread has taken yet; a thread takes the last one by counting down. */
  untaken: 0,
  /** Positions that are not finished yet. */
  unfinished: 1,
  epoch: 2,
} as const;

export function createSlot(pipelines: PipelineConfig[], batchSize: number): BatchSlot {
  return {
    control: new Int32Array(new SharedArrayBuffer(Object.keys(slotField).length * 4)),
    indices: new Int32Array(new SharedArrayBuffer(batchSize * 4)),
    views: pipelines.map((pipeline) => new Float32Array(new SharedArrayBuffer(batchSize * viewLength(pipeline) * 4))),
  };
}

/** The batch of a slot without the places of broken pictures (-1), the others moved up in their order. */
export function collectBatch(
  { indices, views }: BatchSlot,
  pipelines: PipelineConfig[],
  count: number,
): { indices: Int32Array; views: Float32Array[] } {
  let kept = 0;
  for (let position = 0; position < count; position++) {
    if (indices[position] === -1) continue;
    if (kept < position) {
      indices[kept] = indices[position]!;
      views.forEach((view, pipeline) => {
        const size = viewLength(pipelines[pipeline]!);
        view.copyWithin(kept * size, position * size, (position + 1) * size);
      });
    }
    kept++;
  }
  return {
    indices: indices.slice(0, kept),
    views: views.map((view, pipeline) => view.subarray(0, kept * viewLength(pipelines[pipeline]!))),
  };
}

/** Floats of one picture's view. */
export function viewLength({ imageSize }: PipelineConfig): number {
  return imageSize * imageSize * 3;
}
