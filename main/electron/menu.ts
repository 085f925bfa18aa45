/** The application's menu: the platform's usual entries, and the ways to the pages. */
import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';
import { pages } from '../../common/pages.ts';
import { goTo } from './window.ts';

export function setMenu(): void {
  const isMac = process.platform === 'darwin';
  const toPages = pages.map(
    ({ path, label }, place): MenuItemConstructorOptions => ({
      label,
      accelerator: path === '/system' ? 'CmdOrCtrl+,' : place < 9 ? `CmdOrCtrl+${place + 1}` : undefined,
      click: () => goTo(path),
    }),
  );
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New run', accelerator: 'CmdOrCtrl+N', click: () => goTo('/launch') },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    { label: '&Go', submenu: toPages },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Documentation', click: () => void shell.openPath(`${app.getAppPath()}/docs`) },
        { label: 'About the numbers', click: () => void shell.openPath(`${app.getAppPath()}/README.md`) },
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
