import { testFamily } from '../support/arch-case.ts';

await testFamily('vit', { gradientRoom: () => 1e-2 });
