/** The augmentation lab behind every door: a task of each page that draws views, asked through files of its folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { LaunchedTask } from '../../common/records.ts';
import {
  answerName,
  type NumberedRequest,
  type PreviewAnswer,
  type PreviewRequest,
  previewAnswer,
  requestName,
} from '../../common/views-preview.ts';
import { watchFolder } from '../../system/folder-news.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import type { TaskService } from './tasks.ts';

export interface ViewPreviewService {
  /** Ends by itself when nothing is asked of it for some minutes. */
  open(): Promise<LaunchedTask>;
  /**
   * Null where a later request took its place. Its pictures are in the task's folder, until the next answer but one.
   * Throws `not-found` where the task has ended.
   */
  draw(task: string, request: PreviewRequest, signal?: AbortSignal): Promise<PreviewAnswer | null>;
}

interface Ports {
  tasks: TaskService;
  /** A checkpoint by id or path, as a path. */
  locate(checkpoint: string): string;
}

const lookAgainMs = 50;

export function createViewPreviewService({ tasks, locate }: Ports): ViewPreviewService {
  // Over all tasks: a number is never given twice.
  let last = 0;
  /** Number of the newest request of each task. */
  const newest = new Map<string, number>();
  return {
    open: () => tasks.start('views-preview', {}),

    async draw(task, request, signal) {
      const folder = tasks.folderOf(task);
      const number = ++last;
      newest.set(task, number);
      const news = watchFolder(folder, lookAgainMs);
      try {
        const { config } = request;
        const teacher = typeof config.teacher === 'string' && config.teacher !== '' ? locate(config.teacher) : '';
        const numbered: NumberedRequest = { ...request, number, config: { ...config, ...(teacher && { teacher }) } };
        writeAtomically(join(folder, requestName), JSON.stringify(numbered), { lasting: false });
        for (;;) {
          const ended = tasks.hasEnded(task); // before looking: what was written before the end is read after it
          const answer = readAnswer(folder);
          if (answer && answer.number >= number) return answer.number === number ? answer : null;
          if (ended) throw goneError(task);
          signal?.throwIfAborted();
          if (newest.get(task) !== number) return null; // the worker passes it over, or has
          await news.next();
        }
      } finally {
        news.close();
      }
    },
  };
}

function goneError(task: string): AppError {
  return new AppError('not-found', `The worker of the preview ${task} has ended.`, { cure: 'Open another one.' });
}

function readAnswer(folder: string): PreviewAnswer | null {
  try {
    return previewAnswer.parse(JSON.parse(readFileSync(join(folder, answerName), 'utf8')));
  } catch {
    return null; // there is none yet
  }
}
