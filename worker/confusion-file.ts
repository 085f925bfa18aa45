/** What an evaluation of classes leaves beside its result: `results/confusion.json`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { confusionOf, meanPerClass } from '../engine/evaluations/confusion.ts';
import { writeAtomically } from '../system/write-atomically.ts';

const named = 10;

/** Writes it, and gives what of it a result holds itself. labels, predicted [n] */
export function writeConfusion(folder: string, classes: string[], labels: Int32Array, predicted: Int32Array) {
  const found = confusionOf(labels, predicted, classes.length);
  const path = join('results', 'confusion.json');
  mkdirSync(join(folder, 'results'), { recursive: true });
  writeAtomically(join(folder, path), `${JSON.stringify({ classes, ...found })}\n`);
  return {
    meanPerClass: meanPerClass(found),
    confusion: path,
    topConfusions: found.confusions.slice(0, named).map(([label, guess, images]) => ({
      class: classes[label],
      takenFor: classes[guess],
      images,
      of: found.images[label],
    })),
  };
}
