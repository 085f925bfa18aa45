// Tells what set-up does: one line that updates itself on a terminal, plain lines elsewhere.
const plainEveryMs = 10_000;

/**
 * Runs `work(report)` under a title. `report(text)` may be called as often as wanted. Work that takes no time says
 * nothing, so a start with nothing to do stays silent.
 */
export async function stage(title, work, { stream = process.stderr, now = Date.now } = {}) {
  const startedMs = now();
  const terminal = stream.isTTY === true;
  let detail = '';
  let lastPlainMs = startedMs;
  const line = () => `  ${title}${detail ? ` - ${detail}` : ''} (${seconds(now() - startedMs)})`;
  const draw = () => {
    if (terminal) stream.write(`\r\x1b[2K${line().slice(0, (stream.columns ?? 80) - 1)}`);
    else if (now() - lastPlainMs >= plainEveryMs) {
      lastPlainMs = now();
      stream.write(`${line()}\n`);
    }
  };
  if (!terminal) stream.write(`  ${title} ...\n`);
  else draw();
  const timer = setInterval(draw, terminal ? 200 : 1000);
  let done = false;
  try {
    const result = await work((text) => {
      detail = text;
    });
    done = true;
    return result;
  } finally {
    clearInterval(timer);
    if (terminal) stream.write('\r\x1b[2K');
    stream.write(`${done ? '  done: ' : '  not done: '}${title} (${seconds(now() - startedMs)})\n`);
  }
}

/** One plain line between the stages. */
export function say(text, stream = process.stderr) {
  stream.write(`${text}\n`);
}

export function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

function seconds(elapsedMs) {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}
