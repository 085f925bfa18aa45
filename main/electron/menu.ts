/** The application's menu: the platform's usual entries, and the ways to the pages. */
import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';
import { goTo } from './window.ts';

export function setMenu(): void {
  const isMac = process.platform === 'darwin';
  const settings: MenuItemConstructorOptions = {
    label: 'System',
    accelerator: 'CmdOrCtrl+,',
    click: () => goTo('/system'),
  };
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
    {
      label: '&View',
      submenu: [
        { label: 'Runs', accelerator: 'CmdOrCtrl+1', click: () => goTo('/runs') },
        { label: 'Checkpoints', accelerator: 'CmdOrCtrl+2', click: () => goTo('/checkpoints') },
        settings,
        { type: 'separator' },
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
