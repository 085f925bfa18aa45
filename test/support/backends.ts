/** The backends that numerics are tested on. */
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { tf } from '../../engine/tf.ts';

export const backendNames = ['native', 'wasm'] as const;
export type BackendName = (typeof backendNames)[number];

/** Makes the backend the engine's. Throws if it cannot be loaded. */
export async function useBackend(name: BackendName): Promise<void> {
  if (name === 'native') {
    // Gone from Node 23 on, still used by tfjs-node.
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
    await import('@tensorflow/tfjs-node-gpu');
    await tf.setBackend('tensorflow');
  } else {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const require = createRequire(import.meta.url);
    setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    await tf.setBackend('wasm');
  }
  await tf.ready();
}
