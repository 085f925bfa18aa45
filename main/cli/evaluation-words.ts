/** The results of evaluations, in a line or a few. */
import type { JobKind } from '../../common/jobs/index.ts';
import { percent } from './words.ts';

type Values = Record<string, unknown>;

export function evaluationWords(kind: JobKind, values: Values): string[] {
  switch (kind) {
    case 'embed':
      if (typeof values.features !== 'string') return [];
      return [
        `${values.images} features of ${values.dimension} numbers`,
        ...['features', 'labels', 'paths'].map((name) => `  ${values[name]}`),
      ];
    case 'views':
      if (typeof values.views !== 'number') return [];
      return [
        `${values.views} views of ${values.images} images in ${values.classes} classes, ${values.failedCrops} pairs of crops outside the limits`,
      ];
    case 'instdisc':
      if (!Array.isArray(values.top)) return [];
      return [`Top1 to Top${values.top.length}, ${values.mode}, ${values.datasetMode}: ${percents(values.top)}`];
    case 'linear':
    case 'transfer':
      if (typeof values.bestTop1 !== 'number') return [];
      return [
        `Top-1 ${percent(Number(values.top1))}, top-5 ${percent(Number(values.top5))} after the last epoch; best top-1 ${percent(values.bestTop1)} after epoch ${values.bestEpoch}`,
        `Mean of the classes ${percent(Number(values.meanPerClass))}`,
      ];
    case 'neighbours':
      if (!Array.isArray(values.neighbours)) return [];
      return (values.neighbours as { path: string; class: string | null; distance: number }[]).map(
        ({ path, class: name, distance }) => `${distance.toFixed(4)}  ${name ?? '-'}  ${path}`,
      );
    case 'project':
      if (typeof values.points !== 'string') return [];
      return [`${values.images} points of ${values.classes} classes`, `  ${values.points}`, `  ${values.picture}`];
    case 'drift':
      if (typeof values.cka !== 'number') return [];
      return [
        `Linear CKA ${fixed(values.cka)} over ${values.images} images`,
        `Neighbour overlap ${fixed(values.overlap)} of ${values.queries} images`,
      ];
    case 'stats':
      if (typeof values.alignmentDSd !== 'number') return [];
      return statistics.map(([label, name]) => `${label.padEnd(24)}${fixed(values[name])}`);
    default:
      return [];
  }
}

/** In the order of ssl-small's own line. */
const statistics = [
  ['D-SD alignment', 'alignmentDSd'],
  ['SD-SD alignment', 'alignmentSdSd'],
  ['D class alignment', 'classAlignmentD'],
  ['SD class alignment', 'classAlignmentSd'],
  ['D uniformity', 'uniformityD'],
  ['SD uniformity', 'uniformitySd'],
] as const;

function percents(values: unknown[]): string {
  return values.map((value) => percent(Number(value))).join(', ');
}

function fixed(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(4) : String(value);
}
