/** Rows of classes and of confusions, as the page lists them: pure. */
import type { ConfusionFile } from '../../../common/confusion.ts';

export interface ClassRow {
  name: string;
  images: number;
  /** Percent; NaN where the class has no image. */
  accuracy: number;
  /** What the baseline has more, in percentage points; null without one, or where it does not know the class. */
  drop: number | null;
  baseline: number | null;
}

/** The worst first: by drop against a baseline, else by accuracy. */
export function classRows(file: ConfusionFile, baseline?: ConfusionFile): ClassRow[] {
  const others = baseline && new Map(baseline.classes.map((name, label) => [name, accuracyOf(baseline, label)]));
  const rows = file.classes.flatMap((name, label): ClassRow[] => {
    const images = file.images[label] ?? 0;
    if (images === 0) return [];
    const accuracy = accuracyOf(file, label);
    const other = others?.get(name);
    const known = other !== undefined && !Number.isNaN(other);
    return [{ name, images, accuracy, baseline: known ? other : null, drop: known ? other - accuracy : null }];
  });
  return rows.sort((a, b) =>
    baseline
      ? (b.drop ?? Number.NEGATIVE_INFINITY) - (a.drop ?? Number.NEGATIVE_INFINITY) || a.accuracy - b.accuracy
      : a.accuracy - b.accuracy,
  );
}

function accuracyOf({ images, correct }: ConfusionFile, label: number): number {
  return (100 * (correct[label] ?? 0)) / (images[label] ?? 0);
}

export interface ConfusedPair {
  label: number;
  guess: number;
  images: number;
  /** Images of the true class. */
  of: number;
}

/** The most frequent first; those in which a class has all of the words. */
export function confusedPairs(file: ConfusionFile, search: string): ConfusedPair[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (label: number) => {
    const name = file.classes[label]?.toLowerCase() ?? '';
    return words.every((word) => name.includes(word));
  };
  return file.confusions
    .filter(([label, guess]) => fits(label) || fits(guess))
    .map(([label, guess, images]) => ({ label, guess, images, of: file.images[label] ?? 0 }));
}

/** The classes of the first pairs, at most so many, in the order of their labels. */
export function classesOf(pairs: readonly ConfusedPair[], most: number): number[] {
  const found = new Set<number>();
  for (const { label, guess } of pairs) {
    const more = [label, guess].filter((one) => !found.has(one));
    if (found.size + more.length > most) break;
    for (const one of more) found.add(one);
  }
  return [...found].sort((a, b) => a - b);
}

/** Counts by true and predicted label; the right ones too. */
export function countsOf(file: ConfusionFile): (label: number, guess: number) => number {
  const wrong = new Map(file.confusions.map(([label, guess, images]) => [label * file.classes.length + guess, images]));
  return (label, guess) =>
    label === guess ? (file.correct[label] ?? 0) : (wrong.get(label * file.classes.length + guess) ?? 0);
}
