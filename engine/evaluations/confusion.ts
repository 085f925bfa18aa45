/** Accuracy class by class, and which classes are taken for which. */
import type { ConfusionFile } from '../../common/confusion.ts';

export type Confusion = Omit<ConfusionFile, 'classes'>;

/** Counts over images: labels and predictions [n], both from 0 to classes - 1. */
export function confusionOf(labels: Int32Array, predicted: Int32Array, classes: number): Confusion {
  const images = new Array<number>(classes).fill(0);
  const correct = new Array<number>(classes).fill(0);
  const wrong = new Map<number, number>();
  for (const [image, label] of labels.entries()) {
    const guess = predicted[image]!;
    images[label]!++;
    if (guess === label) correct[label]!++;
    else wrong.set(label * classes + guess, (wrong.get(label * classes + guess) ?? 0) + 1);
  }
  const confusions = [...wrong]
    .sort(([cell, count], [other, otherCount]) => otherCount - count || cell - other)
    .map(([cell, count]): [number, number, number] => [Math.floor(cell / classes), cell % classes, count]);
  return { images, correct, confusions };
}

/** Percent: the mean of the accuracies of the classes that have images, whatever their sizes. */
export function meanPerClass({ images, correct }: Pick<Confusion, 'images' | 'correct'>): number {
  let [sum, classes] = [0, 0];
  for (const [label, count] of images.entries()) {
    if (count === 0) continue;
    sum += correct[label]! / count;
    classes++;
  }
  return (100 * sum) / classes;
}
