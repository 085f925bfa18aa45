import { describe, expect, test } from 'vitest';
import { architectures } from '../../../common/architectures.ts';
import { heads, trainConfig } from '../../../common/jobs/train.ts';
import { backbones } from '../../../engine/models/index.ts';
import { specsOf } from '../../../engine/models/model.ts';
import { parametersOf } from '../../../main/services/model-size.ts';

describe.each(architectures)('%s', (arch) => {
  test('parameters are those that the net declares', () => {
    for (const stem of ['imagenet', 'small'] as const) {
      for (const head of heads) {
        const specs = specsOf(backbones[arch]({ head, outputSize: 128, stem }), 'parameter');
        const declared = specs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
        const config = trainConfig.parse({ data: '/d', arch, stem, mlp: head, embeddingDimension: 128 });
        expect(parametersOf(config), `${stem}, ${head}`).toBe(declared);
      }
    }
  });
});
