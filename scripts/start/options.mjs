// The options of npm start, and how each door wants to hear them.
import { parseArgs } from 'node:util';
import { SetupError } from '../setup/run.mjs';

const known = {
  web: { type: 'boolean' },
  port: { type: 'string' },
  workspace: { type: 'string' },
  'no-open': { type: 'boolean' },
};

/** { web, serve: arguments of `contrast serve`, electron: arguments of the desktop application }. */
export function parseStart(words) {
  const { port, workspace, web = false, 'no-open': noOpen = false } = parse(words);
  if (port !== undefined && !/^\d{1,5}$/.test(port)) {
    throw new SetupError(`--port ${port} is not a port number.`, 'Use 1 to 65535, or 0 for any free port.');
  }
  return {
    // a port or a page that must not open makes no sense for a window
    web: web || noOpen || port !== undefined,
    serve: [
      ...(port === undefined ? [] : ['--port', port]),
      ...(workspace === undefined ? [] : ['--workspace', workspace]),
      ...(noOpen ? ['--no-open'] : []),
    ],
    electron: workspace === undefined ? [] : [`--workspace=${workspace}`],
  };
}

function parse(words) {
  try {
    return parseArgs({ args: words, options: known, strict: true }).values;
  } catch (error) {
    throw new SetupError(error.message, 'npm start -- [--web] [--port N] [--workspace DIR] [--no-open]');
  }
}
