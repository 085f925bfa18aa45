/** A backbone's tensors against those of a foreign checkpoint: what an import would take, and which backbone it is. */
import type { FoundEncoder } from './layouts.ts';
import { selectEncoder } from './layouts.ts';

export interface NamedShape {
  name: string;
  shape: readonly number[];
}

export interface MatchPreview {
  /** In both, with one shape. */
  matched: string[];
  /** Of the model, not in the checkpoint. */
  missing: string[];
  /** Of the checkpoint, not in the model. */
  unexpected: string[];
  /** In both, with two shapes. */
  mismatched: { name: string; model: readonly number[]; checkpoint: readonly number[] }[];
}

/** Compares by name and shape, in the model's order; nothing is imported. */
export function previewMatch(model: readonly NamedShape[], foreign: Iterable<NamedShape>): MatchPreview {
  const given = new Map(Array.from(foreign, ({ name, shape }) => [name, shape]));
  const preview: MatchPreview = { matched: [], missing: [], unexpected: [], mismatched: [] };
  for (const { name, shape } of model) {
    const found = given.get(name);
    given.delete(name);
    if (found === undefined) preview.missing.push(name);
    else if (sameShape(shape, found)) preview.matched.push(name);
    else preview.mismatched.push({ name, model: shape, checkpoint: found });
  }
  preview.unexpected.push(...given.keys());
  return preview;
}

function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}

/** A network that a checkpoint may be of, with what tells it from others of its architecture. */
export interface Candidate {
  arch: string;
  stem: string;
  head: string;
  tensors: readonly NamedShape[];
}

export interface RankedCandidate<Given extends Candidate> {
  candidate: Given;
  encoder: FoundEncoder;
  /** Share of the tensors of both that agree in name and shape, counters aside: 1 is a perfect fit. */
  score: number;
}

/**
 * The candidates that agree with a checkpoint in anything, the best first; among equals the given order stays. Each
 * encoder's prefix is also tried without its last `module.`, which belongs to some networks' own names (SimCLR's).
 */
export function rankCandidates<Given extends Candidate>(
  candidates: Iterable<Given>,
  foreign: readonly NamedShape[],
  encoders: readonly FoundEncoder[],
): RankedCandidate<Given>[] {
  const selections = encoders.flatMap((encoder) => {
    const shorter = encoder.prefix.replace(/module\.$/, '');
    const prefixes = shorter === encoder.prefix ? [encoder.prefix] : [encoder.prefix, shorter];
    return prefixes.map((prefix) => ({
      encoder: { ...encoder, prefix },
      tensors: withoutCounters(
        Array.from(selectEncoder(foreign, prefix).tensors, ([name, { shape }]) => ({ name, shape })),
      ),
    }));
  });
  const ranked: RankedCandidate<Given>[] = [];
  for (const candidate of candidates) {
    const own = withoutCounters(candidate.tensors);
    for (const { encoder, tensors } of selections) {
      const { matched, missing, unexpected, mismatched } = previewMatch(own, tensors);
      const all = matched.length + missing.length + unexpected.length + mismatched.length;
      if (matched.length > 0) ranked.push({ candidate, encoder, score: matched.length / all });
    }
  }
  return ranked.sort((left, right) => right.score - left.score);
}

/** Files from before PyTorch 0.4.1 have no counters. */
function withoutCounters(tensors: readonly NamedShape[]): NamedShape[] {
  return tensors.filter(({ name }) => !name.endsWith('num_batches_tracked'));
}

/** Length of the vectors that a network of these tensors gives: the rows of its last linear layer, if it has one. */
export function outputSizeOf(backbone: Iterable<NamedShape>): number | undefined {
  let size: number | undefined;
  for (const { name, shape } of backbone) {
    if (/^(module\.)?fc\.(\d+\.)?weight$/.test(name) && shape.length === 2) size = shape[0];
  }
  return size;
}
