/** Teachers out of the files of SimCLR and SwAV, and what is said where a file cannot teach. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backbones, teachers } from '../../../engine/models/index.ts';
import type { Model } from '../../../engine/models/model.ts';
import { tf } from '../../../engine/tf.ts';
import { openBackend } from '../../../worker/backends.ts';
import { writeCheckpoint } from '../../../worker/checkpoints/files.ts';
import { loadTeacher } from '../../../worker/checkpoints/teacher.ts';

let root: string;
const automatic = { teacherArch: 'auto', teacherMethod: 'auto' } as const;

beforeAll(async () => {
  await openBackend('auto');
  root = await mkdtemp(join(tmpdir(), 'contrast-teacher-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Each tensor filled with its own place in the net, under the names that `rename` gives (null: left out). */
async function writeNet(name: string, model: Model, rename: (name: string) => string | null, more: string[] = []) {
  const tensors = model.tensors.flatMap(({ name, shape }, place) => {
    const renamed = rename(name);
    const size = shape.reduce((product, length) => product * length, 1);
    return renamed === null ? [] : [{ name: renamed, shape, data: new Float32Array(size).fill(place) }];
  });
  const others = more.map((name) => ({ name, shape: [2, 4], data: new Float32Array(8) }));
  const path = join(root, `${name}.safetensors`);
  await writeCheckpoint(path, [...tensors, ...others], {});
  return path;
}

describe('teachers of others', { timeout: 300_000 }, () => {
  test("SwAV's net with its projection head, without its prototypes", async () => {
    const model = teachers.swav_resnet50({ outputSize: 128 });
    const path = await writeNet('swav', model, (name) => `module.${name}`, ['module.prototypes.weight']);
    const named = { teacherArch: 'resnet50', teacherMethod: 'swav' } as const; // as SEED's README has it
    for (const settings of [automatic, named]) {
      const teacher = await loadTeacher(path, settings, 'student');
      expect(teacher.about).toMatchObject({ method: 'swav', arch: 'swav_resnet50', dim: 128, views: null });
      const place = model.tensors.findIndex(({ name }) => name === 'projection_head.3.bias');
      expect(teacher.parameters['projection_head.3.bias']!.dataSync()[0]).toBe(place);
      tf.dispose([teacher.parameters, teacher.buffers]);
    }
  });

  test("SimCLR's, wrapped three times", async () => {
    const model = teachers.simclr_resnet50({ outputSize: 128 });
    const path = await writeNet('simclr', model, (name) => `module.module.${name}`);
    const teacher = await loadTeacher(path, automatic, 'student');
    expect(teacher.about).toMatchObject({ method: 'simclr', arch: 'simclr_resnet50', dim: 128 });
    tf.dispose([teacher.parameters, teacher.buffers]);
  });

  test("MoCo's with its head; a backbone alone cannot teach", async () => {
    const model = backbones.resnet18({ head: 'simple', stem: 'imagenet', outputSize: 32 });
    const path = await writeNet('moco', model, (name) => `module.encoder_q.${name}`, ['module.queue']);
    const teacher = await loadTeacher(path, automatic, 'student');
    expect(teacher.about).toMatchObject({ method: 'moco', arch: 'resnet18', head: 'simple', dim: 32 });
    tf.dispose([teacher.parameters, teacher.buffers]);

    const alone = await writeNet('alone', model, (name) => (name.startsWith('fc.') ? null : name));
    await expect(loadTeacher(alone, automatic, 'student')).rejects.toThrow(/holds no projection head that is known/);
    const other = { ...automatic, teacherArch: 'resnet50' } as const;
    await expect(loadTeacher(path, other, 'student')).rejects.toThrow(/fits no net that is known here/);
  });
});
