/** The studio behind the window, with its workers as utility processes. */
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { asAppError } from '../../common/errors.ts';
import { type Application, openApplication } from '../application.ts';
import { spawnUtility } from './workers.ts';

/** @returns null when it cannot be opened, which the user has then been told */
export async function openOrExplain(workspace: string): Promise<Application | null> {
  try {
    return await openApplication({
      workspace,
      workerEntry: join(app.getAppPath(), 'out', 'app', 'main', 'electron', 'worker.js'),
      spawn: spawnUtility,
      resources: join(app.getAppPath(), 'resources'),
    });
  } catch (thrown) {
    const { message, cure } = asAppError(thrown);
    dialog.showErrorBox('Contrast Studio cannot start', cure ? `${message}\n\n${cure}` : message);
    return null;
  }
}
