/** The one window: where it was last time, on the background of the colour scheme, never leaving the pages. */
import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, shell } from 'electron';
import { desktopOrigin } from '../../common/port.ts';
import { keepWindowState, loadWindowState } from './window-state.ts';

const background = () => (nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff');

/** Brings the window to the front, opening it again if it was closed. */
export function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) {
    openWindow();
    return;
  }
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Shows a page, e.g. "/runs", in the window. */
export function goTo(route: string): void {
  showWindow();
  void BrowserWindow.getAllWindows()[0]?.loadURL(`${desktopOrigin}/#${route}`);
}

export function openWindow(): void {
  const { maximized, ...bounds } = loadWindowState();
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: app.getName(),
    backgroundColor: background(),
    webPreferences: {
      preload: join(app.getAppPath(), 'out', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      spellcheck: false,
      // Charts of a run go on being drawn while another window covers this one.
      backgroundThrottling: false,
    },
  });
  keepWindowState(window);
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  const recolour = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', recolour);
  window.once('closed', () => nativeTheme.off('updated', recolour));
  stayInside(window);
  void window.loadURL(`${desktopOrigin}/`);
}

/** Links to elsewhere open in the browser; nothing else may be opened or navigated to. */
function stayInside({ webContents }: BrowserWindow): void {
  webContents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
  webContents.on('will-navigate', (event) => {
    if (URL.parse(event.url)?.origin === desktopOrigin || event.url.startsWith(`${desktopOrigin}/`)) return;
    event.preventDefault();
    openOutside(event.url);
  });
}

function openOutside(url: string): void {
  if (/^https?:\/\//.test(url)) void shell.openExternal(url);
}
