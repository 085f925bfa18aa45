/** A workspace of real runs: two short trainings on the demo data, a distillation, and what is measured on them. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Some six minutes on two cores. */
export function makeDemoStore(workspace: string): void {
  const contrast = (...words: string[]): { checkpoint?: string } => {
    console.log(`contrast ${words.slice(0, 2).join(' ')} ...`);
    const command = [join(root, 'main', 'cli', 'index.ts'), ...words, '--workspace', workspace, '--json', '--quiet'];
    const { status, stdout } = spawnSync(process.execPath, command, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`"contrast ${words.join(' ')}" ended with code ${status}.`);
    return JSON.parse(stdout);
  };
  const data = join(workspace, 'datasets', 'emoji');
  const held = join(data, 'val');
  contrast('dataset', 'demo', data);
  const train = (seed: string, name: string) =>
    contrast('train', data, '--recipe', 'demo', '--epochs', '4', '--probe-every', '1', '--seed', seed, '--name', name)
      .checkpoint!;
  const teacher = train('0', 'MoCo, emoji');
  const other = train('1', 'MoCo, emoji, seed 1');
  const distil = ['--recipe', 'demo-distill', '--epochs', '2', '--probe-every', '1', '--distill', teacher];
  const student = contrast('distill', data, ...distil, '--name', 'SEED, emoji').checkpoint!;
  for (const checkpoint of [teacher, other, student]) {
    contrast('knn', data, '--pretrained', checkpoint, '--fit', 'whole');
  }
  const [firstClass] = readdirSync(held).sort();
  const [firstImage] = readdirSync(join(held, firstClass!)).sort();
  const image = join(held, firstClass!, firstImage!);
  for (const checkpoint of [teacher, student]) {
    contrast('neighbours', data, '--image', image, '--pretrained', checkpoint, '--fit', 'whole');
  }
  contrast('project', data, '--pretrained', teacher, '--fit', 'whole', '--classes', '12');
  const views = join(workspace, 'datasets', 'emoji-views');
  contrast('views', data, views, '--images-per-class', '10', '--image-size', '32');
  contrast('stats', views, '--pretrained', teacher);
  contrast('linear', data, '--pretrained', teacher, '--epochs', '3', '--lr', '0.1');
}
