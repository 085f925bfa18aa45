/** Asks the studio for previews, the newest request first, and opens a worker whenever there is none. */
import type { LaunchedTask } from '../../common/records.ts';
import type { PreviewAnswer, PreviewRequest } from '../../common/views-preview.ts';

export interface PreviewPorts {
  open(): Promise<LaunchedTask>;
  /** Null where a later request took its place. */
  draw(task: string, request: PreviewRequest): Promise<PreviewAnswer | null>;
  cancel(task: string): void;
  /** The worker of that task is gone: it ends when nobody has asked for a while. */
  isGone(thrown: unknown): boolean;
}

interface Listeners {
  onAnswer(task: string, answer: PreviewAnswer): void;
  onError(thrown: unknown): void;
  /** Something is being drawn, or nothing is. */
  onBusy(busy: boolean): void;
  onTask(task: string): void;
}

export interface PreviewSession {
  ask(request: PreviewRequest): void;
  close(): void;
}

export function createPreviewSession(ports: PreviewPorts, listeners: Listeners): PreviewSession {
  let opened: Promise<string> | null = null;
  let waiting: PreviewRequest | null = null;
  let drawn: PreviewRequest | null = null;
  let closed = false;

  /** One request at a time: a slider that moves asks for its latest place, however many there were. */
  async function run(request: PreviewRequest): Promise<void> {
    drawn = request;
    listeners.onBusy(true);
    try {
      const { task, answer } = await drawBy(request);
      if (answer && drawn === request && !closed) listeners.onAnswer(task, answer);
    } catch (thrown) {
      if (drawn === request && !closed) listeners.onError(thrown);
    }
    if (drawn !== request || closed) return; // another one is under way
    drawn = null;
    const next = waiting;
    waiting = null;
    if (next) void run(next);
    else listeners.onBusy(false);
  }

  async function drawBy(request: PreviewRequest): Promise<{ task: string; answer: PreviewAnswer | null }> {
    for (let attempt = 0; ; attempt++) {
      const task = await open();
      try {
        return { task, answer: await ports.draw(task, request) };
      } catch (thrown) {
        if (!ports.isGone(thrown)) throw thrown;
        opened = null;
        if (closed || attempt > 0) throw thrown;
      }
    }
  }

  async function open(): Promise<string> {
    opened ??= ports.open().then(({ id }) => id);
    try {
      const task = await opened;
      if (!closed) listeners.onTask(task);
      return task;
    } catch (thrown) {
      opened = null;
      throw thrown;
    }
  }

  return {
    ask(request) {
      if (!drawn || !sameSource(drawn, request)) {
        waiting = null;
        void run(request); // what takes long is the listing of another folder: it is given up
      } else waiting = request;
    },
    close() {
      closed = true;
      void opened?.then(ports.cancel, () => undefined);
    },
  };
}

function sameSource(a: PreviewRequest, b: PreviewRequest): boolean {
  return a.config.data === b.config.data && a.file === b.file;
}
