/** The step of SEED against the published code's own, all steps: every case of `fixtures/seed` whose nets are built. */
import { beforeAll, describe, test } from 'vitest';
import { backendNames, useBackend, whyMissing } from '../support/backends.ts';
import { checkCase, seedCases, whyUnsupported } from '../support/seed-case.ts';

/** All; but wasm is slow: beyond the first step it goes with small patches only, which have everything in them. */
const stepsOn = (backend: (typeof backendNames)[number], kind: string) =>
  backend === 'native' || kind === 'small_patch' ? 3 : 1;

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`SEED steps on ${backend}`, () => {
    beforeAll(() => useBackend(backend));
    for (const { file, fixture } of seedCases) {
      const reason = whyUnsupported(fixture);
      test.skipIf(reason)(`${file}${reason ? `: skipped, ${reason}` : ''}`, { timeout: 300_000 }, () => {
        // wasm sums in another order: ten times the room.
        checkCase(fixture, {
          slack: backend === 'wasm' ? 10 : 1,
          roundings: 4,
          steps: stepsOn(backend, fixture.case.kind),
        });
      });
    }
  });
}
