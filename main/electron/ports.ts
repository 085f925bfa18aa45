/** Connects each page that asks to the router. */
import { BrowserWindow, dialog, ipcMain } from 'electron';
import { desktopOrigin, portHandshake } from '../../common/port.ts';
import type { Services } from '../services/index.ts';
import { servePort } from './port-router.ts';

export function connectPages(services: Services): void {
  ipcMain.on(portHandshake, ({ ports: [port], senderFrame, sender }) => {
    if (!port || senderFrame?.origin !== desktopOrigin) return;
    const window = BrowserWindow.fromWebContents(sender);
    servePort(
      {
        postMessage: (reply) => port.postMessage(reply),
        onRequest: (listener) => port.on('message', ({ data }) => listener(data)),
        onClose: (listener) => port.on('close', listener),
      },
      { services, desktop: { chooseFolder: (startIn) => chooseFolder(window, startIn) } },
    );
    port.start();
  });
}

/** @returns null when the dialog was cancelled */
async function chooseFolder(window: BrowserWindow | null, startIn?: string): Promise<string | null> {
  const options = { defaultPath: startIn, properties: ['openDirectory', 'createDirectory'] } as const;
  const asked = { ...options, properties: [...options.properties] };
  const { filePaths } = await (window ? dialog.showOpenDialog(window, asked) : dialog.showOpenDialog(asked));
  return filePaths[0] ?? null;
}
