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

/** Where the unpacked libraries of a variant (cpu, gpu) lie in the cache. */
export function libraryFolder(variant) {
  return path.join(cacheFolder(), 'tensorflow', `${tensorFlowVersion}-${variant}-${process.platform}-${process.arch}`);
}

/** What keeps the wheel from being had: [{ message, cure }]; nothing is wanted where it lies in the cache. */
export async function wheelObstacles(variant) {
  if (existsSync(libraryFolder(variant))) return [];
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    const message = `Python's TensorFlow for ${process.platform} has no library to link to`;
    return [{ message, cure: 'Use WSL 2 for the native backend.' }];
  }
  if (!python()) {
    return [
      { message: 'there is no python3 on the PATH to download the wheel with', cure: 'Install Python 3 with pip.' },
    ];
  }
  const { code } = await run(python(), ['-m', 'pip', '--version'], { timeoutMs: 60_000 });
  return code === 0 ? [] : [{ message: `${python()} has no pip`, cure: 'Install pip (python3-pip).' }];
}

/** Downloads and unpacks what is not in the cache yet. */
export async function fetchTensorFlow(variant, report) {
  const folder = libraryFolder(variant);
  if (existsSync(folder)) return;
  const wheels = path.join(cacheFolder(), 'downloads', path.basename(folder));
  await downloadWheels(variant, wheels, report);
  await makeFolder(folder, (temporary) => unpack(wheels, temporary, report));
  rmSync(wheels, { recursive: true, force: true });
}

/** The folders that TensorFlow's and CUDA's libraries are found in, for LD_LIBRARY_PATH. */
export function libraryPaths(folder) {
  const nvidia = path.join(folder, 'nvidia');
  const names = existsSync(nvidia) ? readdirSync(nvidia).sort() : [];
  const cuda = names.map((name) => path.join(nvidia, name, 'lib')).filter((lib) => existsSync(lib));
  return [path.join(folder, 'tensorflow'), ...cuda];
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
  let totalBytes = 0;
  const tell = () => {
    // at the end pip copies the file: the sum would go past the total
    const done = Math.min(folderBytes(temporary), totalBytes || Number.POSITIVE_INFINITY);
    report(`${name}: ${megabytes(done)}${totalBytes ? ` of ${megabytes(totalBytes)}` : ''}`);
  };
  const timer = setInterval(tell, 500);
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
    env: toolEnvironment({ TMPDIR: temporary, PIP_DEFAULT_TIMEOUT: '20', PIP_DISABLE_PIP_VERSION_CHECK: '1' }),
    onText: (text) => {
      totalBytes ||= announcedBytes(text);
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

/** The size in pip's "Downloading x.whl (273.8 MB)", in bytes; 0 where the text holds none. */
export function announcedBytes(text) {
  const [, number, unit] = /\(([\d.]+) ([kMG]B)\)/.exec(text) ?? [];
  return number ? Number(number) * { kB: 1e3, MB: 1e6, GB: 1e9 }[unit] : 0;
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
    onText: (text) => {
      const share = text.match(/\d+ % of \d+ MB/g)?.at(-1);
      if (share) report(`unpacking ${share}`);
    },
  });
  if (result.code !== 0) {
    rmSync(wheels, { recursive: true, force: true }); // a damaged download must not be met again
    throw new Error(`the wheel could not be unpacked: ${lastWords(result.output)}`);
  }
}

export function pipWords(output) {
  const errors = output.split('\n').filter((line) => line.startsWith('ERROR:'));
  return errors.length > 0 ? errors.at(-1).replace(/^ERROR:\s*/, '') : lastWords(output);
}
