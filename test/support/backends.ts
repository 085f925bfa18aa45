/** The backends that numerics are tested on. */
import { openBackend } from '../../worker/backends.ts';

export const backendNames = ['native', 'wasm'] as const;
export type BackendName = (typeof backendNames)[number];

/** Makes the backend the engine's. Throws if it cannot be loaded. */
export async function useBackend(name: BackendName): Promise<void> {
  const opened = await openBackend(name === 'wasm' ? 'wasm' : 'auto');
  if (opened.name !== name) throw new Error(opened.note ?? `the ${name} backend is not here`);
}

/** Why a backend cannot be tested on this machine, if so; for `describe.skipIf`. */
export async function whyMissing(name: BackendName): Promise<string | undefined> {
  try {
    await useBackend(name);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
