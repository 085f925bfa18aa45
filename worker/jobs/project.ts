/** Features in the plane: principal components, then t-SNE; points as a table and a picture. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { ProjectConfig } from '../../common/jobs/project.ts';
import { inSpace } from '../../engine/evaluations/feature-space.ts';
import { checkedRows } from '../../engine/evaluations/neighbours.ts';
import { principalComponents, projectOnto } from '../../engine/evaluations/projection/pca.ts';
import { allowedPerplexity, tsne } from '../../engine/evaluations/projection/tsne.ts';
import { memoryRows } from '../../engine/evaluations/rows.ts';
import { type Evaluation, openEvaluation } from '../evaluation.ts';
import type { Job } from '../job.ts';
import { listProjected, type ProjectedImages } from '../projected-images.ts';
import { drawScatter, type ScatterPoint, writePoints } from '../scatter.ts';

export const projectJob: Job<ProjectConfig> = async (config, context) => {
  const { folder, report, wishes } = context;
  const { method, space } = config;
  const evaluation = await openEvaluation(config, context);
  const images = await listProjected(config, context);
  const { features, points, broken } = await collect(images, evaluation);
  const { dimension } = evaluation;
  const classes = usedClasses(images);

  const checked = await checkedRows('given', { features, labels: new Int32Array(points.length) }, dimension);
  const rows = await inSpace(checked, space);
  const count = Math.min(method === 'pca' ? 2 : config.components, dimension);
  report({ type: 'progress', stage: 'principal components', done: 0, total: 1 });
  const components = await principalComponents(rows, count, { signal: wishes.signal });
  const reduced = await projectOnto(rows, components);
  const explained = components.variances.map((variance) => variance / components.totalVariance);

  const plane = new Float32Array(2 * points.length);
  for (let point = 0; point < points.length; point++) {
    plane.set(reduced.subarray(point * count, point * count + 2), 2 * point);
  }
  const perplexity = method === 'tsne' ? allowedPerplexity(config.perplexity, points.length) : null;
  if (perplexity !== null && perplexity < config.perplexity) {
    const message = `With ${points.length} images the perplexity is ${perplexity.toFixed(1)}, not ${config.perplexity}.`;
    report({ type: 'log', level: 'warning', message });
  }
  const found =
    perplexity === null
      ? null
      : await tsne(memoryRows(reduced, count), {
          perplexity,
          iterations: config.iterations,
          start: plane,
          signal: wishes.signal,
          onProgress: (done) => report({ type: 'progress', stage: 't-SNE', done, total: 1 }),
        });
  const positions = found?.positions ?? plane;
  for (const [at, point] of points.entries()) {
    point.x = positions[2 * at]!;
    point.y = positions[2 * at + 1]!;
  }
  mkdirSync(join(folder, 'results'), { recursive: true });
  const files = {
    points: join(folder, 'results', 'projection.csv'),
    picture: join(folder, 'results', 'projection.png'),
  };
  writePoints(files.points, points);
  await drawScatter(files.picture, points, classes);
  evaluation.record(
    'project',
    {
      ...files,
      images: points.length,
      classes: classes.length,
      explainedVariance: explained.reduce((sum, share) => sum + share, 0),
      ...(found && { divergence: found.divergence }),
      broken,
    },
    {
      measure: method === 'tsne' ? 't-SNE' : 'principal components',
      space,
      components: count,
      ...(found && { perplexity, iterations: config.iterations, theta: 0.5 }),
      views: images.map(({ view }) => view).filter((view) => view !== null),
      ...evaluation.protocol,
    },
  );
  return 'finished';
};

async function collect(images: ProjectedImages[], evaluation: Evaluation) {
  const { dimension } = evaluation;
  const parts: Float32Array[] = [];
  const points: ScatterPoint[] = [];
  const broken: { path: string; why: string }[] = [];
  const budget = evaluation.memory(1).heldBytes;
  const total = images.reduce((sum, { listing }) => sum + listing.files.length, 0) * dimension * 4;
  if (total > budget) {
    throw new AppError(
      'config-invalid',
      `${Math.ceil(total / 2 ** 20)} MiB of features do not fit the memory for them.`,
      {
        field: 'limit',
        cure: 'Take fewer points, or give it more with --memory.',
      },
    );
  }
  for (const { view, listing } of images) {
    const named = view === null ? listing : { ...listing, split: `view ${view}` };
    // Views of a static set are taken as they are; their originals are prepared as any image.
    const found = await evaluation.features(named, view ? 'whole' : undefined);
    await using rows = found.rows;
    parts.push(await rows.read(0, rows.count));
    for (const index of found.images) {
      const group = listing.labels[index]!;
      const path = `${listing.root}/${listing.files.path(index)}`;
      points.push({ path, label: listing.classes[group] ?? '', group, x: 0, y: 0, view });
    }
    broken.push(...found.broken.map(({ path, reason }) => ({ path, why: reason })));
  }
  const features = new Float32Array(points.length * dimension);
  let at = 0;
  for (const part of parts) {
    features.set(part, at);
    at += part.length;
  }
  return { features, points, broken };
}

/** Up to the last class that has images. */
function usedClasses(images: ProjectedImages[]): string[] {
  const last = images.reduce((most, { listing }) => listing.labels.reduce((a, b) => Math.max(a, b), most), -1);
  return images[0]!.listing.classes.slice(0, last + 1);
}
