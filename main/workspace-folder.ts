/** Where everything of the user's is kept when nobody says otherwise. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `--workspace`, else `CONTRAST_WORKSPACE`, else the platform's folder for data of applications. */
export function workspaceFolder(asked?: string): string {
  return resolve(asked || process.env.CONTRAST_WORKSPACE || platformFolder());
}

function platformFolder(): string {
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Contrast Studio');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Contrast Studio');
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'contrast-studio');
}
