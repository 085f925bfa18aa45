/** The choice of the backend that tensors live on. Made once, before the engine computes anything. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';
import { AppError } from '../common/errors.ts';
import { tf } from '../engine/tf.ts';
import { readSetup } from '../system/setup-record.ts';

export type DeviceRequest = 'auto' | 'gpu' | 'cpu' | 'wasm';

export interface OpenedBackend {
  name: 'native' | 'wasm';
  device: 'gpu' | 'cpu';
  /** Versions by package, for environment.json and the System page. */
  versions: Record<string, string>;
  /** Why it is not a better backend, with the cure; absent when it is the best that was set up. */
  note?: string;
}

/** What tfjs-node's backend has beside tfjs's own interface. */
interface NativeBackend {
  isUsingGpuDevice: boolean;
  binding: { TF_Version: string };
}

const packages = createRequire(import.meta.url);

/**
 * Opens the backend asked for; `auto` takes the best that set-up made (CONTRAST_BACKEND forces one).
 * @throws AppError `environment` with the reason and the cure, when the one asked for cannot be had
 */
export async function openBackend(device: DeviceRequest): Promise<OpenedBackend> {
  const wanted = device === 'auto' ? forcedDevice() : device;
  const setup = readSetup();
  const missing =
    [setup?.reason && `${setup.reason}.`, setup?.cure].filter(Boolean).join(' ') || 'Run "npm run setup".';
  if (wanted === 'wasm') return openWasm();
  if (!nativeIsThere()) {
    if (wanted !== 'auto') throw unavailable(wanted, 'the native TensorFlow backend is not set up', missing);
    return { ...(await openWasm()), note: `The native TensorFlow backend is not set up: ${missing}` };
  }
  const native = await openNative().catch((error: unknown) => {
    if (wanted !== 'auto') throw unavailable(wanted, 'the native TensorFlow backend does not load', reload, error);
    return error;
  });
  if (!isOpened(native)) {
    return { ...(await openWasm()), note: `The native TensorFlow backend does not load (${native}). ${reload}` };
  }
  if (wanted === 'gpu' && native.device !== 'gpu') {
    const reason = setup?.variant === 'gpu' ? 'TensorFlow sees no GPU' : 'TensorFlow was set up for the CPU';
    throw unavailable('gpu', reason, setup?.variant === 'gpu' ? 'Look at "nvidia-smi".' : missing);
  }
  return setup?.reason ? { ...native, note: missing } : native;
}

const reload = 'Run "npm run setup" to build it anew.';

function forcedDevice(): DeviceRequest {
  const forced = process.env.CONTRAST_BACKEND || 'auto';
  if (forced === 'auto' || forced === 'gpu' || forced === 'cpu' || forced === 'wasm') return forced;
  throw new AppError('usage', `CONTRAST_BACKEND is "${forced}".`, { cure: 'Use auto, gpu, cpu or wasm.' });
}

function unavailable(device: DeviceRequest, reason: string, cure: string, cause?: unknown): AppError {
  return new AppError('environment', `The device "${device}" cannot be had: ${reason}.`, { cure, cause });
}

function isOpened(value: unknown): value is OpenedBackend {
  return typeof value === 'object' && value !== null && 'device' in value;
}

/** tfjs-node-gpu throws at import where its binding is missing; so it is looked for first. */
function nativeIsThere(): boolean {
  const folder = dirname(packages.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  return existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'));
}

async function openNative(): Promise<OpenedBackend> {
  // TensorFlow reads it when its library loads; its start-up notes are not for our log
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  // tfjs-node 4.22 calls both; Node 23 removed them
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
  await import('@tensorflow/tfjs-node-gpu');
  await tf.setBackend('tensorflow');
  const backend = tf.backend() as unknown as NativeBackend;
  return {
    name: 'native',
    device: backend.isUsingGpuDevice ? 'gpu' : 'cpu',
    versions: { tfjs: tf.version.tfjs, tensorflow: backend.binding.TF_Version },
  };
}

/** SIMD is used where the processor has it; tfjs switches threads off in Node (tfjs issue 3830). */
async function openWasm(): Promise<OpenedBackend> {
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(packages.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await tf.setBackend('wasm'))) {
    throw unavailable('wasm', 'its WebAssembly module does not load', 'Run "npm ci", then "npm run setup".');
  }
  return { name: 'wasm', device: 'cpu', versions: { tfjs: tf.version.tfjs, wasm: version_wasm } };
}
