/** The fixtures' embeddings: float32(centre c + sample s + noise n) of fills by name (fixtures' README). */
import { fillHash } from './fill.ts';

export interface Embeddings {
  label: string;
  classes: number;
  per_class: number;
  dim: number;
  centre: number;
  sample: number;
  noise: number;
}

const fillValues = (name: string, length: number) =>
  Float32Array.from({ length }, (_, index) => (2 * fillHash(name, index)) / 2 ** 32 - 1);

/** [classes * per_class, dim] of one view. `of` names another set of samples around the same centres. */
export function embed(embeddings: Embeddings, view: string, of = embeddings.label): Float32Array {
  const { label, classes, per_class: perClass, dim, centre, sample, noise } = embeddings;
  const length = classes * perClass * dim;
  const centres = Array.from({ length: classes }, (_, index) => fillValues(`${label}centre/${index}`, dim));
  const samples = fillValues(`${of}sample`, length);
  const noises = fillValues(`${of}view/${view}`, length);
  return Float32Array.from({ length }, (_, at) => {
    const middle = centres[Math.floor(at / (perClass * dim))]![at % dim]!;
    return middle * centre + samples[at]! * sample + noises[at]! * noise;
  });
}

/** Stable argsort of the hashes of a name. */
export function permutationOf(name: string, length: number): Int32Array {
  const keys = Float64Array.from({ length }, (_, index) => fillHash(name, index));
  return Int32Array.from(keys.keys()).sort((left, right) => keys[left]! - keys[right]! || left - right);
}
