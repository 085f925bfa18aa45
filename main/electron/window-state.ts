/** Size and place of the window, kept between starts. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, screen } from 'electron';
import { z } from 'zod';

const windowState = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(300).default(1280),
  height: z.int().min(200).default(860),
  maximized: z.boolean().default(false),
});
type WindowState = z.infer<typeof windowState>;

const file = () => join(app.getPath('userData'), 'window.json');

export function loadWindowState(): WindowState {
  const state = readState();
  // The screen that it was on may be gone: then only the size is kept.
  return isOnScreen(state) ? state : { ...state, x: undefined, y: undefined };
}

export function keepWindowState(window: BrowserWindow): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      mkdirSync(app.getPath('userData'), { recursive: true });
      writeFileSync(`${file()}.tmp`, JSON.stringify(state));
      renameSync(`${file()}.tmp`, file());
    } catch (error) {
      console.error(`The place of the window was not kept: ${(error as Error).message}`);
    }
  });
}

function readState(): WindowState {
  try {
    return windowState.parse(JSON.parse(readFileSync(file(), 'utf8')));
  } catch {
    return windowState.parse({}); // the first start, or a file of another version
  }
}

function isOnScreen({ x, y, width }: WindowState): boolean {
  if (x === undefined || y === undefined) return false;
  const { workArea } = screen.getDisplayMatching({ x, y, width, height: 40 });
  const visible = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
  return visible > 100 && y >= workArea.y - 10 && y < workArea.y + workArea.height - 40;
}
