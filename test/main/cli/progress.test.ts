import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { JobEvent } from '../../../common/events.ts';
import { createProgress } from '../../../main/cli/progress.ts';
import { bytes, duration, table } from '../../../main/cli/words.ts';

/** What is written, elsewhere than at a terminal or (`isTTY`) at one of 100 columns. */
function progressOn({ isTTY = false, quiet = false } = {}) {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  let now = 0;
  const terminal = Object.assign(stream, { isTTY, columns: 100, cursorTo() {}, clearLine() {}, moveCursor() {} });
  const progress = createProgress(terminal as unknown as NodeJS.WriteStream, { quiet, now: () => now });
  let seq = 0;
  return {
    progress,
    text: () => text,
    add(event: JobEvent, afterMs = 0) {
      now += afterMs;
      progress.add({ seq: seq++, time: new Date(now).toISOString(), ...event });
    },
  };
}

const plan: JobEvent = { type: 'plan', epochs: 2, stepsPerEpoch: 100, totalSteps: 200, images: 6400 };
const step = (at: number): JobEvent => ({
  type: 'metrics',
  group: 'step',
  epoch: Math.floor(at / 100),
  step: at,
  values: { loss: 6.2345, acc1: 1.5, imagesPerSecond: 64 },
});

test('off a terminal: a line every ten seconds with figures and time left, and one for each epoch', () => {
  const { add, text } = progressOn();
  add(plan);
  for (let at = 0; at < 100; at++) add(step(at), 1000);
  add({ type: 'metrics', group: 'epoch', epoch: 1, step: 100, values: { loss: 6, acc1: 2, acc5: 9 } });
  const lines = text().trim().split('\n');
  const steps = lines.filter((line) => line.startsWith('Epoch 1/2'));
  expect(steps).toHaveLength(10);
  // 90 steps of one second are done, 109 are left.
  expect(steps.at(-1)).toMatch(
    /^Epoch 1\/2 91\/200 {2}loss 6\.23 {2}acc1 1\.50 % {2}64 img\/s {2}1 min 4\d s to 2 min \d+ s left$/,
  );
  expect(lines.at(-1)).toBe('Epoch 1: loss 6.00  acc1 2.00 %  acc5 9.00 %');
  expect(text()).not.toContain('\u001b');
});

test('a broken image is told, quiet or at a terminal nothing is left behind by the bar', () => {
  const warning: JobEvent = { type: 'log', level: 'warning', message: 'left out a broken image' };
  const plain = progressOn();
  plain.add(warning);
  expect(plain.text()).toBe('warning: left out a broken image\n');
  const quiet = progressOn({ quiet: true });
  quiet.add(warning);
  quiet.progress.say('anything');
  expect(quiet.text()).toBe('');
  const terminal = progressOn({ isTTY: true });
  terminal.add(plan);
  terminal.add(step(0));
  terminal.add(warning);
  terminal.progress.end();
  expect(terminal.text()).toContain('Epoch 1/2');
  expect(terminal.text()).toContain('warning: left out a broken image\n');
});

test('words for spans of time, sizes and tables', () => {
  expect([0, 9949, 59_400, 61_000, 3_600_000, 3_725_000, 90_000_000].map(duration)).toEqual([
    '0.0 s',
    '9.9 s',
    '59 s',
    '1 min 1 s',
    '1 h',
    '1 h 2 min',
    '1 d 1 h',
  ]);
  expect([0, 999, 1500, 123_456_789, 5e12].map(bytes)).toEqual(['0 B', '999 B', '1.5 kB', '123 MB', '5.0 TB']);
  expect(
    table(
      ['run', 'loss'],
      [
        ['a', '6.21'],
        ['bcde', '-'],
      ],
    ),
  ).toBe('run   loss\na     6.21\nbcde  -');
});

test('the health of a run: a line at each probe, alarms in words', () => {
  const { add, text } = progressOn();
  const probe = { type: 'metrics', group: 'probe', epoch: 1, step: 100 } as const;
  add({ ...probe, values: { alignment: 0.15769, uniformity: -1.2071, spread: 0.57 } });
  add({ ...probe, values: { bestAccuracy: 61.5, bestK: 3 } });
  const found = { epoch: 1, step: 100, value: 0.02, threshold: 0.1 };
  add({ type: 'alarm', rule: 'collapse', message: 'All alike.', cure: 'Look at the images.', ...found });
  expect(text()).toContain('alignment 0.158, uniformity -1.207');
  expect(text()).toContain('kNN 61.50 % at k = 3');
  expect(text()).toContain('alarm (collapse): All alike. Look at the images.');
  expect(text()).not.toContain('NaN');
});
