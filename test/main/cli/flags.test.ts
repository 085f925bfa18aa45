import { Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandLineOf } from '../../../common/command-line.ts';
import { AppError } from '../../../common/errors.ts';
import { fieldsOf } from '../../../common/fields.ts';
import { knnConfig } from '../../../common/jobs/knn.ts';
import { trainConfig } from '../../../common/jobs/train.ts';
import { addFields, givenFields, resolveConfig } from '../../../main/cli/flags.ts';

function parse(schema: typeof trainConfig | typeof knnConfig, args: string[]): Record<string, unknown> {
  const command = new Command('train')
    .argument('<data>')
    .exitOverride()
    .configureOutput({ writeErr() {} });
  addFields(command, schema);
  command.parse(args, { from: 'user' });
  return givenFields(command, schema);
}
const train = (...args: string[]) => parse(trainConfig, ['data', ...args]);

describe('flags of a job', () => {
  test('nothing given is nothing set: recipes and defaults are below', () => {
    expect(train()).toEqual({});
  });

  test("the reference's published command", () => {
    const words =
      '-a resnet18 --lr 0.06 --batch-size 512 --epochs 800 --mlp wide --moco-t 0.1 --moco-k 65536 --aug-plus --cj 1 --grey-scale 0.5 --gaussian-blur 0.5 --cos --resume seed.pth.tar --restart -j 32 -p 20 --ckpt-dir out --wd 1e-4';
    expect(train(...words.split(' '))).toEqual({
      arch: 'resnet18',
      learningRate: 0.06,
      batchSize: 512,
      epochs: 800,
      mlp: 'wide',
      temperature: 0.1,
      queueLength: 65536,
      augPlus: true,
      jitter: 1,
      greyProbability: 0.5,
      blurProbability: 0.5,
      cos: true,
      resume: 'seed.pth.tar',
      restart: true,
      workers: 32,
      printFrequency: 20,
      checkpointFolder: 'out',
      weightDecay: 1e-4,
    });
  });

  test('both names of a flag, and each boolean both ways', () => {
    expect(train('--temperature', '0.2')).toEqual(train('--moco-t', '0.2'));
    expect(train('--no-cos', '--no-aug-plus')).toEqual({ cos: false, augPlus: false });
    expect(parse(knnConfig, ['data', '--rep-space', 'norm', '-k', '5'])).toEqual({ space: 'norm', maxNeighbours: 5 });
  });

  test('lists with spaces, with commas, and empty', () => {
    expect(train('--schedule', '120', '160')).toEqual({ schedule: [120, 160] });
    expect(train('--schedule', '120,160', '--epochs', '3')).toEqual({ schedule: [120, 160], epochs: 3 });
    expect(train('--schedule', '--cos')).toEqual({ schedule: [], cos: true });
  });

  test.each([
    ['--epochs', 'many', 'not a number'],
    ['--epochs', '1.5', 'not a whole number'],
    ['--schedule', 'data', 'put that before --schedule'],
    ['--mlp', 'huge', 'Allowed choices'],
    ['--epoch', '3', '--epochs'],
    ['--learningrate', '3', '--learning-rate'],
  ])('%s %s is refused with words that help', (flag, value, words) => {
    expect(() => train(flag, value)).toThrow(CommanderError);
    expect(() => train(flag, value)).toThrow(words);
  });

  test('a value out of bounds is named with its flag and its bound', () => {
    const resolve = (values: Record<string, unknown>) => resolveConfig(trainConfig, { data: 'x', ...values });
    expect(() => resolve({ epochs: 0 })).toThrow('--epochs is 0; it must be at least 1.');
    expect(() => resolve({ keyMomentum: 2 })).toThrow('--key-momentum is 2; it must be at most 1.');
    expect(() => resolve({ temperature: 0 })).toThrow('--temperature is 0; it must be above 0.');
    expect(() => resolve({ mlp: 'huge' })).toThrow('--mlp is "huge"; it must be one of none, simple');
    expect(() => resolveConfig(trainConfig, {})).toThrow('<data> is needed');
    expect(() => resolveConfig(knnConfig, { data: 'x' })).toThrow('--pretrained is needed');
    expect(() => resolve({ epochs: 0 })).toThrow(AppError);
  });

  test('the command that a run is repeated with gives the same config', () => {
    const config = resolveConfig(trainConfig, {
      data: "/data/it's here",
      cos: true,
      augPlus: false,
      schedule: [],
      epochs: 7,
      probe: '/probe set',
    });
    const words = splitShell(commandLineOf('train', config)).slice(3); // npx contrast train
    expect(resolveConfig(trainConfig, { data: words[0], ...parse(trainConfig, words) })).toEqual(config);
  });

  test('every field can be reached, and no two by the same flag', () => {
    for (const schema of [trainConfig, knnConfig]) {
      const flags = fieldsOf(schema).flatMap((field) => field.flags);
      expect(new Set(flags).size).toBe(flags.length);
    }
  });
});

/** Words as a POSIX shell makes them, as far as single quotes and backslashes go. */
function splitShell(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|\\(.)/g, (_all, quoted, escaped) => quoted ?? escaped));
}

test.each([
  ['--moco-kk', '--moco-k'],
  ['--queue-lenght', '--queue-length'],
  ['--greyscale', '--grey-scale'],
  ['--zzzzzzzz', null],
])('an unknown flag %s is answered with the nearest, of the reference or ours: %s', (wrong, near) => {
  let said = '';
  const command = new Command().argument('[data]').exitOverride();
  addFields(command, trainConfig);
  command.configureOutput({ writeErr: (text) => (said += text) });
  expect(() => command.parse([wrong, '5'], { from: 'user' })).toThrow();
  expect(said.match(/Did you mean ([^?]*)/)?.[1] ?? null).toBe(near);
});
