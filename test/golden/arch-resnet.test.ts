import { testFamily } from '../support/arch-case.ts';

await testFamily('resnet', {
  // One for each kind of block; the rest differ in depth and width, and take a minute each.
  trainedOnWasm: ['resnet18', 'resnet50', 'resnext50_32x4d'],
  // Float32 against float64 is 2 to 5 % off in the nets of 50 layers already.
  gradientRoom: (arch) => (/^resnet(18|34)$/.test(arch) ? 1e-2 : 0.1),
});
