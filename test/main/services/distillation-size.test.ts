import { describe, expect, test } from 'vitest';
import { teacherArchitectures } from '../../../common/architectures.ts';
import { distillConfig } from '../../../common/jobs/distill.ts';
import { teachers } from '../../../engine/models/index.ts';
import { specsOf } from '../../../engine/models/model.ts';
import { distillationSize, teacherSize } from '../../../main/services/distillation-size.ts';
import { trainingBytes } from '../../../main/services/model-size.ts';

test.each(teacherArchitectures)('%s has the parameters that the net declares', (arch) => {
  const specs = specsOf(teachers[arch]({ outputSize: 128 }), 'parameter');
  const declared = specs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  expect(teacherSize({ arch, stem: 'imagenet' }, 128)!.parameters).toBe(declared);
});

describe('a distillation', () => {
  const config = distillConfig.parse({ data: '/d', teacher: '/t', batchSize: 8, queueLength: 64, imageSize: 64 });
  const student = { ...config, mlp: 'simple' as const };
  const none = distillationSize(student, null, 0);

  test('needs what its student needs, and the teacher beside it', () => {
    expect(none.memoryBytes).toBe(trainingBytes(student));
    const small = distillationSize(student, { arch: 'resnet18', stem: 'imagenet' }, 1);
    const large = distillationSize(student, { arch: 'swav_resnet50w2', stem: 'imagenet' }, 1);
    expect(small.memoryBytes).toBeGreaterThan(none.memoryBytes);
    // Of ResNet-50 w2 there are 129 million parameters (SwAV's README), of ResNet-18 under 13.
    expect(large.memoryBytes - small.memoryBytes).toBeGreaterThan(4 * 110e6);
    expect(large.checkpointBytes - none.checkpointBytes).toBe(
      4 * teacherSize({ arch: 'swav_resnet50w2', stem: 'imagenet' }, 128)!.parameters,
    );
  });

  test('of a teacher that is not known the file is the bound', () => {
    expect(distillationSize(student, null, 4e8).memoryBytes - none.memoryBytes).toBe(4e8);
    expect(distillationSize(student, { arch: 'something', stem: 'imagenet' }, 4e8)).toEqual(
      distillationSize(student, null, 4e8),
    );
  });

  test('small patches add what they give out, and a queue', () => {
    const patches = distillationSize({ ...student, smallPatches: true, patchCount: 6, patchSize: 32 }, null, 0);
    // 6 patches of a quarter of the view's area: half as much again as the view's activations.
    expect(patches.memoryBytes).toBeGreaterThan(none.memoryBytes);
    expect(patches.checkpointBytes - none.checkpointBytes).toBe(4 * 64 * 128);
  });
});
