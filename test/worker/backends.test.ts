import { afterEach, describe, expect, test } from 'vitest';
import { tf } from '../../engine/tf.ts';
import { readSetup } from '../../system/setup-record.ts';
import { openBackend } from '../../worker/backends.ts';

const setup = readSetup();
const forced = process.env.CONTRAST_BACKEND;
afterEach(() => {
  if (forced === undefined) delete process.env.CONTRAST_BACKEND;
  else process.env.CONTRAST_BACKEND = forced;
});

/** [1, 2, 3] . [4, 5, 6] = 32, exact in float32. */
function product(): number {
  return tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[4], [5], [6]])).dataSync()[0]!);
}

describe('openBackend', () => {
  test('wasm computes, and says what it is', async () => {
    const opened = await openBackend('wasm');
    expect(opened).toMatchObject({ name: 'wasm', device: 'cpu', versions: { wasm: '4.22.0' } });
    expect(tf.getBackend()).toBe('wasm');
    expect(product()).toBe(32);
  });

  test('auto opens what set-up made', async ({ skip }) => {
    if (!setup) skip('set-up has not run');
    delete process.env.CONTRAST_BACKEND;
    const opened = await openBackend('auto');
    expect(opened.name).toBe(setup!.variant === 'none' ? 'wasm' : 'native');
    if (opened.name === 'native') expect(opened.versions.tensorflow).toBe(setup!.tensorflow);
    if (setup!.reason) expect(opened.note).toContain(setup!.reason);
    expect(product()).toBe(32);
  });

  test('CONTRAST_BACKEND forces what auto means, and a wrong value is named', async () => {
    process.env.CONTRAST_BACKEND = 'wasm';
    expect((await openBackend('auto')).name).toBe('wasm');
    process.env.CONTRAST_BACKEND = 'cuda';
    await expect(openBackend('auto')).rejects.toMatchObject({ code: 'usage', message: /"cuda"/ });
  });

  test('a GPU that is not there is an error with the reason and the cure', async ({ skip }) => {
    if (setup?.variant === 'gpu') skip('this machine has a GPU');
    await expect(openBackend('gpu')).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/"gpu" cannot be had/),
      cure: expect.stringMatching(/\S/),
    });
  });
});
