import { testFamily } from '../support/arch-case.ts';

await testFamily('mobile', { gradientRoom: () => 1e-2 });
