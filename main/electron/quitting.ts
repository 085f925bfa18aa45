/** Workers end with the application here, so a run that is going on is not ended without a word. */
import { app, BrowserWindow, dialog } from 'electron';
import type { Application } from '../application.ts';

const choices = ['Pause and quit', 'Stop and quit', 'Keep training in the background', 'Cancel'] as const;

export function askBeforeQuitting(application: Application): void {
  let closing = false;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (closing) return;
    event.preventDefault();
    void decide();
  });

  async function decide(): Promise<void> {
    const active = application.services.queue.list().active;
    const choice = active.length > 0 ? await ask(active.map((id) => application.services.runs.get(id).name)) : 'quit';
    if (choice === 'Cancel') return;
    if (choice === 'Keep training in the background') {
      // Hidden, not closed: starting the application again shows it (the second instance hands over to this one).
      for (const window of BrowserWindow.getAllWindows()) window.hide();
      return;
    }
    closing = true;
    // The first wish counts: closing then only waits for the checkpoint to be written and the workers to end.
    const { runs } = application.services;
    await Promise.allSettled(active.map((id) => (choice === 'Stop and quit' ? runs.stop(id) : runs.pause(id))));
    await application.close({ stopWorkers: true });
    app.quit();
  }
}

async function ask(names: string[]): Promise<(typeof choices)[number]> {
  const what = names.length === 1 ? `“${names[0]}” is` : `${names.length} runs are`;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `${what} still going on`,
    detail: 'Paused or stopped, a checkpoint is saved first and the run can go on from it later.',
    buttons: [...choices],
    defaultId: 0,
    cancelId: choices.indexOf('Cancel'),
    noLink: true,
  });
  return choices[response] ?? 'Cancel';
}
