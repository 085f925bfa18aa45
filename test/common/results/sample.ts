/** Two settings with three seeds each, one of them evaluated in another way, and a run that diverged. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../../common/records.ts';
import { publishedFile } from '../../../common/results/published.ts';
import { runRecordOf } from '../../support/run-records.ts';

const linearProtocol = { measure: 'linear evaluation', views: 'crops', imageSize: 224 };

function trained(id: string, arch: string, seed: number, knn: number, loss: number): RunRecord {
  return runRecordOf({
    id,
    name: `${arch} seed ${seed}`,
    createdAt: `2026-01-0${id.slice(-1)}T00:00:00.000Z`,
    config: { data: '/data/imagenette', arch, epochs: 200, seed, queueLength: 4096, temperature: 0.1, imageSize: 96 },
    last: { 'epoch/loss': loss },
    best: { 'probe/bestAccuracy': { value: knn, epoch: 190, step: 1900 } },
  });
}

function evaluated(id: string, of: RunRecord, top1: number, classes: number): RunRecord {
  return runRecordOf({
    id,
    kind: 'linear',
    name: `Linear of ${of.name}`,
    createdAt: `2026-02-0${id.slice(-1)}T00:00:00.000Z`,
    config: { data: '/data/imagenet', seed: 0, pretrained: `${of.folder}/checkpoints/checkpoint_0199.safetensors` },
    results: {
      linear: {
        values: { top1, classes, trainImages: 1_281_167, valImages: 50_000 },
        protocol: linearProtocol,
      },
    },
  });
}

export const trainings = [
  trained('aaaaaaa1', 'resnet18', 1, 60, 3.1),
  trained('aaaaaaa2', 'resnet18', 2, 62, 3.2),
  trained('aaaaaaa3', 'resnet18', 3, 61, 3),
  trained('bbbbbbb4', 'mobilenetv3_small', 1, 55, 3.5),
  trained('bbbbbbb5', 'mobilenetv3_small', 2, 55, Number.NaN),
  trained('bbbbbbb6', 'mobilenetv3_small', 3, 58, 3.4),
  { ...trained('ccccccc7', 'vit_tiny', 1, 40, Number.POSITIVE_INFINITY), name: '50% of a_run & more | "tiny"' },
];

export const evaluations = trainings
  .slice(0, 6)
  .map((run, index) => evaluated(`ddddddd${index + 1}`, run, 40 + index, 1000));

export const published = publishedFile.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'resources', 'published.json'), 'utf8')),
);
