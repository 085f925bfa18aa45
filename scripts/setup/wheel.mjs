// libtensorflow out of Python's wheel. Only pip is wanted, to download; the wheel's Python code is not used, so the
// wheel for a fixed Python version is taken whatever Python does the download.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { folderBytes, makeFolder } from './files.mjs';
import { cacheFolder, findProgram, setupFolder, toolEnvironment } from './paths.mjs';
import { megabytes } from './progress.mjs';
import { lastWords, run, SetupError } from './run.mjs';

export const tensorFlowVersion = '2.21.0';
const pythonOfWheel = '3.12';
const unpackScript = path.join(setupFolder, 'unpack.py');

export function python() {
  return findProgram([process.env.PYTHON, 'python3', 'python'].filter(Boolean));
}

/** The folder of the unpacked libraries: { folder, libraryPaths }, downloaded if need be. */
export async function fetchTensorFlow(variant, report) {
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new SetupError(
      `Python's TensorFlow for ${process.platform} has no library to link to`,
      'Use WSL 2 for the native backend.',
    );
  }
  const folder = path.join(
    cacheFolder(),
    'tensorflow',
    `${tensorFlowVersion}-${variant}-${process.platform}-${process.arch}`,
  );
  if (!existsSync(folder)) {
    await checkPip();
    const wheels = path.join(cacheFolder(), 'downloads', path.basename(folder));
    await downloadWheels(variant, wheels, report);
    await makeFolder(folder, (temporary) => unpack(wheels, temporary, report));
    rmSync(wheels, { recursive: true, force: true });
  }
  return { folder, libraryPaths: [path.join(folder, 'tensorflow'), ...nvidiaFolders(folder)] };
}

async function checkPip() {
  if (!python())
    throw new SetupError('there is no python3 on the PATH to download the wheel with', 'Install Python 3 with pip.');
  const { code } = await run(python(), ['-m', 'pip', '--version'], { timeoutMs: 60_000 });
  if (code !== 0) throw new SetupError(`${python()} has no pip`, 'Install pip (python3-pip).');
}

/** Each wheel is complete once it lies in `wheels`: a later attempt skips those that are there. */
async function downloadWheels(variant, wheels, report) {
  mkdirSync(wheels, { recursive: true });
  const main =
    variant === 'cpu' && process.platform === 'linux' && process.arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
  await download(`${main}==${tensorFlowVersion}`, wheels, report);
  if (variant !== 'gpu') return;
  const requirements = cudaRequirements(await metadata(wheels));
  for (const requirement of requirements) await download(requirement, wheels, report);
}

async function download(requirement, wheels, report) {
  const name = requirement.split(/[=<>!~ ]/)[0];
  if (readdirSync(wheels).some((file) => file.startsWith(`${name.replaceAll('-', '_')}-`) && file.endsWith('.whl')))
    return;
  // pip's temporary files lie in a folder of ours, which shows how far it is and leaves nothing behind
  const temporary = path.join(wheels, '.pip');
  const whole = path.join(temporary, 'whole');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  let total = '';
  const timer = setInterval(() => report(`${name}: ${megabytes(folderBytes(temporary))}${total}`), 500);
  const options = [
    '--no-deps',
    '--no-cache-dir',
    '--only-binary=:all:',
    '--python-version',
    pythonOfWheel,
    '--retries',
    '2',
  ];
  const result = await run(python(), ['-m', 'pip', 'download', ...options, '-d', whole, requirement], {
    env: toolEnvironment({ TMPDIR: temporary, PIP_DEFAULT_TIMEOUT: '30', PIP_DISABLE_PIP_VERSION_CHECK: '1' }),
    onText: (text) => {
      const size = /\(([\d.]+ [kMG]B)\)/.exec(text);
      if (size) total = ` of ${size[1]}`;
    },
  });
  clearInterval(timer);
  if (result.code !== 0) {
    throw new SetupError(
      `pip could not download ${requirement}: ${pipWords(result.output)}`,
      "Check the network and pip's index.",
    );
  }
  for (const file of readdirSync(whole)) renameSync(path.join(whole, file), path.join(wheels, file));
  rmSync(temporary, { recursive: true, force: true });
}

async function metadata(wheels) {
  const { output } = await run(python(), [unpackScript, 'metadata', wheels]);
  return output;
}

/** What a wheel's METADATA asks for under the extra "and-cuda". */
export function cudaRequirements(text) {
  return [...text.matchAll(/^Requires-Dist:\s*([^;\n]+);\s*extra\s*==\s*["']and-cuda["']/gm)].map(([, requirement]) =>
    requirement.replaceAll(/[()\s]/g, ''),
  );
}

async function unpack(wheels, folder, report) {
  const result = await run(python(), [unpackScript, 'unpack', wheels, folder], {
    onText: (text) => report(`unpacking ${text.trim().split('\n').at(-1)}`),
  });
  if (result.code !== 0) {
    rmSync(wheels, { recursive: true, force: true }); // a damaged download must not be met again
    throw new Error(`the wheel could not be unpacked: ${lastWords(result.output)}`);
  }
}

/** The folders that CUDA's libraries are found in, for LD_LIBRARY_PATH. */
function nvidiaFolders(folder) {
  const nvidia = path.join(folder, 'nvidia');
  if (!existsSync(nvidia)) return [];
  return readdirSync(nvidia)
    .map((name) => path.join(nvidia, name, 'lib'))
    .filter((lib) => existsSync(lib))
    .sort();
}

export function pipWords(output) {
  const errors = output.split('\n').filter((line) => line.startsWith('ERROR:'));
  return errors.length > 0 ? errors.at(-1).replace(/^ERROR:\s*/, '') : lastWords(output);
}
