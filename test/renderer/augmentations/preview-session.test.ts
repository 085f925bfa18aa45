import { describe, expect, test } from 'vitest';
import type { PreviewAnswer, PreviewRequest } from '../../../common/views-preview.ts';
import { createPreviewSession } from '../../../renderer/augmentations/preview-session.ts';

const request = (epoch: number, data = '/a'): PreviewRequest => {
  return { kind: 'train', config: { data }, epoch, images: 1, choice: 0 };
};
const answerTo = ({ epoch }: PreviewRequest): PreviewAnswer => {
  return { number: epoch, images: [], count: 0, estimate: null, issues: [], problem: null, elapsedMs: 1 };
};

/** A studio whose drawings come when the test lets them. */
function makeStudio() {
  const drawings: {
    task: string;
    request: PreviewRequest;
    finish(answer: PreviewAnswer | null): void;
    fail(): void;
  }[] = [];
  const seen: unknown[] = [];
  const cancelled: string[] = [];
  let opened = 0;
  const session = createPreviewSession(
    {
      open: async () => ({ id: `task ${++opened}`, kind: 'views-preview' }),
      draw: (task, wanted) =>
        new Promise((finish, reject) => {
          drawings.push({ task, request: wanted, finish, fail: () => reject(new Error('gone')) });
        }),
      cancel: (task) => cancelled.push(task),
      isGone: (thrown) => thrown instanceof Error && thrown.message === 'gone',
    },
    {
      onAnswer: (task, { number }) => seen.push([task, number]),
      onError: (thrown) => seen.push((thrown as Error).message),
      onBusy: (busy) => seen.push(busy ? 'busy' : 'idle'),
      onTask: (task) => seen.push(task),
    },
  );
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { session, drawings, seen, cancelled, settle };
}

describe('a session', () => {
  test('draws one at a time, and of what came meanwhile the last', async () => {
    const { session, drawings, seen, settle } = makeStudio();
    for (const epoch of [1, 2, 3]) session.ask(request(epoch));
    await settle();
    expect(drawings.map((one) => one.request.epoch)).toEqual([1]);
    drawings[0]!.finish(answerTo(request(1)));
    await settle();
    expect(drawings.map((one) => one.request.epoch)).toEqual([1, 3]);
    drawings[1]!.finish(answerTo(request(3)));
    await settle();
    expect(seen.filter((one) => one !== 'task 1')).toEqual(['busy', ['task 1', 1], 'busy', ['task 1', 3], 'idle']);
  });

  test('does not wait for another folder, whose answer is not wanted any more', async () => {
    const { session, drawings, seen, settle } = makeStudio();
    session.ask(request(1, '/slow'));
    await settle();
    session.ask(request(2, '/quick'));
    await settle();
    expect(drawings).toHaveLength(2);
    drawings[1]!.finish(answerTo(request(2)));
    await settle();
    drawings[0]!.finish(null);
    await settle();
    expect(seen.filter((one) => Array.isArray(one))).toEqual([['task 1', 2]]);
    expect(seen.at(-1)).toBe('idle');
  });

  test('opens another worker when the one it had has ended, once', async () => {
    const { session, drawings, seen, settle } = makeStudio();
    session.ask(request(1));
    await settle();
    drawings[0]!.fail();
    await settle();
    expect(drawings[1]!.task).toBe('task 2');
    drawings[1]!.fail();
    await settle();
    expect(seen.slice(-2)).toEqual(['gone', 'idle']);
    session.ask(request(2));
    await settle();
    expect(drawings[2]!.task).toBe('task 3');
  });

  test('closed, ends its worker and says no more', async () => {
    const { session, drawings, seen, cancelled, settle } = makeStudio();
    session.ask(request(1));
    await settle();
    const before = seen.length;
    session.close();
    drawings[0]!.finish(answerTo(request(1)));
    await settle();
    expect(cancelled).toEqual(['task 1']);
    expect(seen).toHaveLength(before);
  });
});
