import { spawnSync } from 'node:child_process';

// A quick look whether a server can be reached, before a downloader with its own long patience is started.
const answerWithinMs = 5_000;

/** Where the pip of this Python looks for packages; undefined where it cannot say. */
export function packageIndex(python) {
  if (process.env.PIP_INDEX_URL || !python) return process.env.PIP_INDEX_URL;
  const ask = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';
  const { status, stdout } = spawnSync(python, ['-c', ask], { encoding: 'utf8', timeout: answerWithinMs });
  return status === 0 ? stdout.trim() : undefined;
}

/** Resolves to undefined when the server answers (whatever it says) or none is named, else to why it does not, in words. */
export async function answers(address, withinMs = answerWithinMs) {
  if (!address) return undefined;
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(withinMs) });
    return undefined;
  } catch (error) {
    return `${new URL(address).host} does not answer (${error.cause?.code ?? error.name})`;
  }
}
