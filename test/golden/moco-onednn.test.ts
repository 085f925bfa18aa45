/**
 * The MoCo step against the published code's own as it runs by default, with oneDNN's kernels. Two steps: both forward
 * passes, all gradients, the optimizer, the key encoder's average and the queue have then shown in a loss. From the
 * third step on, oneDNN's rounding alone decides on which side of a ReLU a run goes on (see checkCase).
 */
import { beforeAll, describe, test } from 'vitest';
import { useBackend, whyMissing } from '../support/backends.ts';
import { checkCase, mocoCases, whyUnsupported } from '../support/moco-case.ts';

describe.skipIf(await whyMissing('native'))('MoCo steps with oneDNN', () => {
  beforeAll(() => useBackend('native'));
  for (const { file, fixture } of mocoCases) {
    const reason = whyUnsupported(file, fixture);
    test.skipIf(reason)(`${file}${reason ? `: skipped, ${reason}` : ''}`, () => {
      checkCase(fixture, { slack: 1, steps: 2, roundings: 6 });
    });
  }
});
