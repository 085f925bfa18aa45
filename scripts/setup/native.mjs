// Stage 3: the native TensorFlow backend. From the best to the least: a Python wheel's libtensorflow with our own build
// of the binding (GPU, then CPU), tfjs-node-gpu's published build, and at last none, which leaves the wasm backend.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  bindingIsPlaced,
  bindingObstacles,
  buildBinding,
  compiler,
  placeBinding,
  removeBinding,
  versions,
} from './binding.mjs';
import { writeJson } from './files.mjs';
import { answers, packageIndex } from './network.mjs';
import { findProgram, setupFolder, stateFolder, studioNode, tfjsNodeFolder } from './paths.mjs';
import { fetchPublished } from './published.mjs';
import { readRecord, recordFile } from './record.mjs';
import { lastWords, run, SetupError } from './run.mjs';
import { fetchTensorFlow, libraryFolder, libraryPaths, python, tensorFlowVersion, wheelObstacles } from './wheel.mjs';

/** A set-up that fell back is tried again by itself after this time, or as soon as the network is back. */
const retryAfterMs = 60 * 60 * 1000;
const backOnlineWithinMs = 1_500;
const checkScript = path.join(setupFolder, 'check-binding.cjs');

/** The variants worth trying, best first: CONTRAST_BACKEND (auto, gpu, cpu, wasm) decides, else the machine. */
export async function wantedVariants(forced = process.env.CONTRAST_BACKEND || 'auto') {
  if (forced === 'wasm') return [];
  if (forced === 'cpu') return ['cpu'];
  if (!['auto', 'gpu'].includes(forced)) {
    throw new SetupError(`CONTRAST_BACKEND is "${forced}".`, 'Use auto, gpu, cpu or wasm.');
  }
  if (forced === 'gpu' || (await gpuAnswers())) return ['gpu', 'cpu'];
  return ['cpu'];
}

async function gpuAnswers() {
  const program = findProgram(['nvidia-smi']);
  if (!program) return false;
  const { code, output } = await run(program, ['-L'], { timeoutMs: 15_000 });
  return code === 0 && /GPU \d+/.test(output);
}

/** What a new attempt depends on; when it changes, a failed set-up is tried again at once. */
function conditions() {
  const gpu = findProgram(['nvidia-smi']) ? 'gpu' : 'no-gpu';
  return [
    process.env.CONTRAST_BACKEND || 'auto',
    gpu,
    python() ?? 'no-python',
    compiler() ?? 'no-compiler',
    versions().key,
  ].join(' ');
}

/** True when there is nothing to do: the best was set up, or a lesser one recently, under the same conditions. */
export async function nativeIsSettled() {
  const record = readRecord();
  if (!record || record.conditions !== conditions()) return false;
  if (record.variant !== 'none' && !bindingIsPlaced()) return false;
  if (record.libraryFolder && !existsSync(record.libraryFolder)) return false;
  if (record.reason === null || record.wanted === 'none') return true;
  if (record.offline && (await answers(packageIndex(python()), backOnlineWithinMs)) === undefined) return false;
  return Date.now() - Date.parse(record.madeAt) < retryAfterMs;
}

/** Sets up the best backend that this machine allows and writes the record; a lesser one is no error. */
export async function setUpNative(report) {
  const variants = await wantedVariants();
  const failures = [];
  let made;
  for (const variant of variants) {
    made = await attempt(variant, () => fromWheel(variant, report, failures), failures);
    if (made) break;
  }
  if (!made && variants.length > 0) made = await attempt('published build', () => fromPublished(report), failures);
  if (!made) removeBinding();
  mkdirSync(stateFolder, { recursive: true });
  const record = {
    format: 1,
    madeAt: new Date().toISOString(),
    platform: `${process.platform}-${process.arch}`,
    wanted: variants[0] ?? 'none',
    variant: 'none',
    source: null,
    tfjs: versions().tfjs,
    tensorflow: null,
    libraryFolder: null,
    libraryPaths: [],
    ...made,
    ...explain(variants, failures),
    conditions: conditions(),
    offline: failures.length > 0 && (await answers(packageIndex(python()))) !== undefined,
  };
  writeJson(recordFile, record);
  return record;
}

async function attempt(name, work, failures) {
  try {
    return await work();
  } catch (error) {
    failures.push({ name, message: error.message, cure: error.cure ?? null });
    return undefined;
  }
}

async function fromWheel(variant, report, failures) {
  const folder = libraryFolder(variant);
  // looked for first: a big download is no use without a compiler
  const obstacles = [...(await wheelObstacles(variant)), ...bindingObstacles(folder)];
  if (obstacles.length > 0) {
    const both = (key) => obstacles.map((obstacle) => obstacle[key]);
    throw new SetupError(both('message').join(', and '), both('cure').join(' '));
  }
  await fetchTensorFlow(variant, report);
  placeBinding(await buildBinding(folder, report));
  report('trying it');
  const { gpu } = await checkBinding(libraryPaths(folder), `Delete ${folder} to have it fetched anew.`);
  if (variant === 'gpu' && !gpu) {
    const message = 'TensorFlow sees no GPU that it can use';
    failures.push({ name: 'gpu', message, cure: 'Update the NVIDIA driver; "nvidia-smi" must list the GPU.' });
  }
  return {
    variant: gpu ? 'gpu' : 'cpu',
    source: 'wheel',
    tensorflow: tensorFlowVersion,
    libraryFolder: folder,
    libraryPaths: libraryPaths(folder),
  };
}

async function fromPublished(report) {
  await fetchPublished(report);
  const { tensorflow } = await checkBinding([], null);
  return { variant: 'cpu', source: 'published', tensorflow };
}

/** Loads the binding in a process of its own and multiplies two matrices: a crash there is only an answer here. */
async function checkBinding(paths, cure) {
  const { code, signal, output } = await run(studioNode(), [checkScript, tfjsNodeFolder], {
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '3',
      LD_LIBRARY_PATH: [...paths, process.env.LD_LIBRARY_PATH].filter(Boolean).join(path.delimiter),
    },
    timeoutMs: 120_000,
  });
  const answer = /^binding works: (.*)$/m.exec(output);
  if (code === 0 && answer) return JSON.parse(answer[1]);
  removeBinding();
  if (signal === 'SIGILL') throw new Error('this processor lacks instructions (AVX) that TensorFlow needs');
  throw new SetupError(`the binding does not load: ${signal ? `it ended by ${signal}` : lastWords(output)}`, cure);
}

/** Why it is not a better backend, and what to do, in words; both null when it is the best for this machine. */
export function explain(variants, failures) {
  if (variants.length === 0) {
    return {
      reason: 'CONTRAST_BACKEND=wasm asks for the wasm backend',
      cure: 'Unset CONTRAST_BACKEND and run "npm run setup".',
    };
  }
  if (failures.length === 0) return { reason: null, cure: null };
  const cures = [...new Set(failures.map(({ cure }) => cure).filter(Boolean))];
  return {
    reason: failures.map(({ name, message }) => `${name}: ${message}`).join('; '),
    cure: `${cures.length > 0 ? `${cures.join(' ')} Then run` : 'Run'} "npm run setup".`,
  };
}
