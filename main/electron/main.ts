/** The desktop application. One line per feature; the order of those before `ready` matters to Electron. */
import { app } from 'electron';
import { workspaceFolder } from '../workspace-folder.ts';
import { openOrExplain } from './application.ts';
import { answerCommandLine } from './command-line.ts';
import { setMenu } from './menu.ts';
import { claimScheme, servePages } from './pages.ts';
import { connectPages } from './ports.ts';
import { askBeforeQuitting } from './quitting.ts';
import { openWindow, showWindow } from './window.ts';

// Two instances would be two writers of one database.
if (!app.requestSingleInstanceLock()) app.quit();
else void start();

async function start(): Promise<void> {
  claimScheme(); // before ready
  app.enableSandbox(); // before ready
  app.on('second-instance', showWindow);
  app.on('web-contents-created', (_event, contents) =>
    contents.on('will-attach-webview', (event) => event.preventDefault()),
  );
  await app.whenReady();

  const application = await openOrExplain(workspaceFolder(app.commandLine.getSwitchValue('workspace')));
  if (!application) return app.quit();
  servePages(application.services);
  await answerCommandLine(application);
  connectPages(application.services);
  askBeforeQuitting(application);
  setMenu();
  openWindow();
  app.on('activate', showWindow);
}
