// A quick look whether a server can be reached, before a downloader with its own long patience is started.
const answerWithinMs = 5_000;

/** Resolves to undefined when the server answers (whatever it says), else to why it does not, in words. */
export async function answers(address) {
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) });
    return undefined;
  } catch (error) {
    return `${new URL(address).host} does not answer (${error.cause?.code ?? error.name})`;
  }
}
