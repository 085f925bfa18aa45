/** The MoCo step against the published code's own, all steps: every case of `fixtures/moco` that is built. */
import { beforeAll, describe, test } from 'vitest';
import { backendNames, useBackend, whyMissing } from '../support/backends.ts';
import { checkCase, mocoCases, whyUnsupported } from '../support/moco-case.ts';

// Read when TensorFlow loads. Without oneDNN a convolution's error is 3e-7 instead of 7e-7 (3x3, 256 channels: sums in
// blocks, not one long sum), which is what it takes to stay on float64's side of nearly every ReLU for four steps.
// `moco-onednn.test.ts` does the same with it.
process.env.TF_ENABLE_ONEDNN_OPTS = '0';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`MoCo steps on ${backend}`, () => {
    beforeAll(() => useBackend(backend));
    for (const { file, fixture } of mocoCases) {
      const reason = whyUnsupported(file, fixture);
      test.skipIf(reason)(`${file}${reason ? `: skipped, ${reason}` : ''}`, () => {
        const wasm = backend === 'wasm';
        // wasm's gradients of the 49 batch norms of EfficientNet-B0 are 3e-5 off. After two steps that is enough for
        // another side of some ReLU in the wide head, whatever the rounding; without that ReLU, step 3 is 4e-5 off.
        const steps = wasm && fixture.case.arch.startsWith('efficientnet') ? 2 : 4;
        // wasm sums in another order: ten times the room.
        checkCase(fixture, { slack: wasm ? 10 : 1, steps, roundings: 6 });
      });
    }
  });
}
