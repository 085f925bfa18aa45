import { expect, test } from 'vitest';
import { afterUpdate, freshTask, type WatchedUpdate } from '../../../renderer/launch/task-state.ts';

test('follows a task from its first report to its end', () => {
  const updates: WatchedUpdate[] = [
    { type: 'progress', stage: 'drawing images', done: 10, total: 100 },
    { type: 'log', level: 'info', message: 'half way' },
    { type: 'result', name: 'dataset', values: { path: '/data/demo' }, protocol: {} },
    { type: 'ended', state: 'finished' },
  ];
  expect(updates.reduce(afterUpdate, freshTask)).toEqual({
    ...freshTask,
    stage: 'drawing images',
    done: 10,
    total: 100,
    result: { path: '/data/demo' },
    ended: 'finished',
  });
});

test('keeps why it failed', () => {
  const failed = afterUpdate(freshTask, {
    type: 'failed',
    code: 'data-invalid',
    message: 'No images.',
    cure: 'Add some.',
  });
  expect(failed.error).toEqual({ message: 'No images.', cure: 'Add some.' });
});
