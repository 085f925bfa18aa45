import { execFileSync } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportMoco } from '../../worker/checkpoints/pytorch-export.ts';
import { runJob } from '../support/job-run.ts';
import { peerPython } from '../support/peer-python.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const { python, missing } = peerPython('torch, numpy, PIL');
const [imageSize, most] = [64, 11];

test.skipIf(missing)(
  `evaluations of a folder equal those of PyTorch and Pillow${missing ? ` (left out: ${missing})` : ''}`,
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-torch-'));
    const at = (name: string) => join(folder.path, name);
    await makePictures(at('data'), { splits: { train: 12, val: 6 }, side: 90 });
    await writeSmallCheckpoint(at('checkpoint.safetensors'), { stem: 'imagenet', imageSize });
    await exportMoco(at('checkpoint.safetensors'), at('checkpoint.pth.tar'));
    // Ours from the exported file too, as the original scripts would take it.
    const net = { pretrained: at('checkpoint.pth.tar'), imageSize, device: 'auto' };
    await runJob('views', at('runs/views'), { data: at('data'), target: at('static'), imageSize, imagesPerClass: 8 });
    const script = join(import.meta.dirname, '../support/measures_in_torch.py');
    const given = [at('checkpoint.pth.tar'), at('data'), at('static'), String(imageSize), String(most)];
    const theirs = JSON.parse(execFileSync(python, [script, ...given]).toString());

    const knn = await runJob('knn', at('runs/knn'), { ...net, data: at('data'), maxNeighbours: most });
    for (const [k, accuracy] of Object.entries(theirs.accuracyByK)) {
      // 18 images: the same count, or one that a float32 rounding decides; 1.5 points are asked for of thousands.
      expect(Math.abs((knn.values.accuracyByK as Record<string, number>)[k]! - Number(accuracy)), k).toBeLessThan(5.6);
    }
    for (const mode of ['d-sd', 'sd-sd'] as const) {
      const { values } = await runJob('instdisc', at(`runs/${mode}`), { ...net, data: at('static'), mode });
      (values.top as number[]).forEach((percent, place) => {
        expect(Math.abs(percent - theirs[mode][place]), `${mode} top ${place + 1}`).toBeLessThan(4.2); // one of 24
      });
    }
    const stats = await runJob('stats', at('runs/stats'), { ...net, data: at('static') });
    for (const [name, value] of Object.entries(theirs.stats)) {
      // 1 % is asked for, all of it for the decoding of images.
      expect(Math.abs(Number(stats.values[name]) / Number(value) - 1), name).toBeLessThan(0.01);
    }
  },
);
