// A quick look whether a server can be reached, before a downloader with its own long patience is started.
const answerWithinMs = 5_000;

/** Where pip looks for packages, as far as that is known without asking pip. */
export const packageIndex = process.env.PIP_INDEX_URL || 'https://pypi.org/simple/';

/** Resolves to undefined when the server answers (whatever it says), else to why it does not, in words. */
export async function answers(address, withinMs = answerWithinMs) {
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(withinMs) });
    return undefined;
  } catch (error) {
    return `${new URL(address).host} does not answer (${error.cause?.code ?? error.name})`;
  }
}
