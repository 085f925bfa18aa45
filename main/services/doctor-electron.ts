/** Whether the desktop window can open here. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DoctorCheck } from '../../common/system.ts';

export function electronCheck(): Omit<DoctorCheck, 'name'> {
  if (process.versions.electron) return { level: 'ok', message: `Electron ${process.versions.electron}, running` };
  const binary = electronBinary();
  const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (binary && display) return { level: 'ok', message: binary };
  const missing = [binary ? '' : 'the Electron binary is not there', display ? '' : 'there is no display'];
  const cures = [binary ? '' : 'Fetch it with "npx install-electron".', display ? '' : 'Start it where a screen is.'];
  return {
    level: 'warning',
    message: `The studio opens in the browser: ${missing.filter(Boolean).join(', and ')}.`,
    cure: cures.filter(Boolean).join(' '),
  };
}

/** Not by importing the package: that would download it. */
function electronBinary(): string | null {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const binary = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}
