import { testFamily } from '../support/arch-case.ts';

// No gradients were recorded, and on wasm ResNet's own tests train the same layers.
await testFamily('teacher', { trainedOnWasm: [], gradientRoom: () => 0.1 });
