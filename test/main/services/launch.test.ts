import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { architectures } from '../../../common/architectures.ts';
import { trainConfig } from '../../../common/jobs/train.ts';
import { createDataSummarizer } from '../../../main/services/data-summary.ts';
import { checkpointBytes, keptCheckpoints, parametersOf } from '../../../main/services/model-size.ts';
import { makeData, openStudio, temporaryFolder, trainConfigFor, until } from '../../support/studio.ts';

async function studioWithData() {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 4, stepMs: 0 });
  const studio = await openStudio(workspace);
  const { launch } = studio.services;
  const check = (change: object) => launch.check('train', { ...trainConfigFor(data), ...change });
  const messages = async (change: object) => (await check(change)).issues.map(({ field, level }) => [field, level]);
  return { workspace, data, studio, launch, check, messages };
}

test('a config that fits the data has no errors, every value, and what it will need', async () => {
  const { check } = await studioWithData();
  const { issues, config, estimates } = await check({});
  expect(issues.filter(({ level }) => level === 'error')).toEqual([]);
  expect(config).toMatchObject({ temperature: 0.1, momentum: 0.9, epochs: 2 });
  expect(estimates).toMatchObject({ trainImages: 64, imagesAtLeast: false, stepsPerEpoch: 8, totalSteps: 16 });
  expect(estimates!.freeDiskBytes).toBeGreaterThan(0);
});

test('queue and batch beyond the data: the offered fix is the largest queue that passes', async () => {
  const { check } = await studioWithData();
  const { issues } = await check({ queueLength: 4096 });
  const issue = issues.find(({ field }) => field === 'queueLength');
  expect(issue).toMatchObject({ level: 'warning', fix: { config: { queueLength: 56 } } });
  const fixed = await check({ ...issue!.fix!.config });
  expect(fixed.issues.filter(({ field }) => field === 'queueLength')).toEqual([]);
});

test('values that are not even of their type are told field by field, with their bounds', async () => {
  const { check } = await studioWithData();
  const { issues, config, estimates } = await check({
    epochs: 0,
    temperature: 'warm',
    mlp: 'huge',
    data: '',
    nonsense: 1,
  });
  expect(config).toBeNull();
  expect(estimates).toBeNull();
  expect(issues).toEqual(
    expect.arrayContaining([
      { field: 'epochs', level: 'error', message: 'Epochs is 0; it must be at least 1.' },
      { field: 'data', level: 'error', message: 'Training images is needed.' },
      { field: null, level: 'error', message: 'There is no field nonsense.' },
      { field: 'mlp', level: 'error', message: expect.stringContaining('one of none, simple, deep, dropout, wide') },
    ]),
  );
});

test('folders and files that are not there, and data that kNN cannot be measured on', async () => {
  const { messages, workspace, data } = await studioWithData();
  expect(await messages({ data: join(workspace, 'nowhere') })).toContainEqual(['data', 'error']);
  expect(await messages({ data: join(data, 'plan.json') })).toContainEqual(['data', 'error']);
  expect(await messages({ data: join(workspace, 'runs') })).toContainEqual(['data', 'error']); // empty
  expect(await messages({ probe: join(data, 'train') })).toContainEqual(['probe', 'error']);
  expect(await messages({ data: join(data, 'train') })).toContainEqual(['probe', 'warning']);
  expect(await messages({ resume: join(workspace, 'none.safetensors') })).toContainEqual(['resume', 'error']);
});

test('more checkpoints than the disk holds is an error with a way out', async () => {
  const { check } = await studioWithData();
  const { issues } = await check({ epochs: 100_000_000, keepEvery: 1 });
  expect(issues).toContainEqual(
    expect.objectContaining({
      field: 'keepLast',
      level: 'error',
      fix: expect.objectContaining({ config: { keepLast: 1, keepEvery: 0 } }),
    }),
  );
});

test('a launch with a wrong config is refused with the message of the form and makes no run', async () => {
  const { studio, data } = await studioWithData();
  const launching = studio.services.runs.launch({
    kind: 'train',
    config: { ...trainConfigFor(data), queueLength: 12 },
  });
  await expect(launching).rejects.toMatchObject({ code: 'config-invalid', field: 'queueLength' });
  expect(studio.services.runs.list({ limit: 1, offset: 0 }).total).toBe(0);
});

test('recipes are valid, and their values come over the defaults', async () => {
  const { studio, launch } = await studioWithData();
  const recipes = await studio.services.recipes.list();
  expect(recipes.length).toBeGreaterThan(0);
  for (const recipe of recipes) {
    expect(await launch.defaults(recipe.kind, recipe.id)).toMatchObject(recipe.config);
  }
  expect(await launch.defaults('train')).not.toHaveProperty('data');
  await expect(launch.defaults('train', 'nonsense')).rejects.toMatchObject({ code: 'not-found' });
});

test('a dry run tells what the whole run would cost', async () => {
  const { launch, data } = await studioWithData();
  const { id } = await launch.dryRun({ ...trainConfigFor(data), epochs: 10 });
  const updates: string[] = [];
  let cost: unknown;
  for await (const [, update] of launch.watchDryRun(id, {})) {
    updates.push(update.type);
    if (update.type === 'cost') cost = update.cost;
  }
  expect(updates).toEqual(['progress', 'result', 'cost', 'ended']);
  expect(cost).toMatchObject({ secondsPerStep: 0.5, totalSeconds: { low: 20, expected: 20, high: 23 } }); // 10 epochs of 4 steps
});

test('no dry run beside a run on the same device', async () => {
  const { studio, launch, workspace } = await studioWithData();
  const slow = makeData(workspace, { epochs: 1, stepsPerEpoch: 4, stepMs: 0, holdAt: 2 }, 'slow');
  const { id } = await studio.services.runs.launch({ kind: 'train', config: trainConfigFor(slow) });
  await until(() => studio.services.runs.get(id).state === 'running', 'running');
  await expect(launch.dryRun(trainConfigFor(slow))).rejects.toMatchObject({ code: 'conflict' });
});

test('counting stops when the time is up and says so', async () => {
  const data = makeData(temporaryFolder(), { epochs: 1, stepsPerEpoch: 1, stepMs: 0 });
  const full = await createDataSummarizer()(data);
  expect(full).toEqual({ images: 64, atLeast: false, classes: 2, probe: true, problem: null });
  expect(await createDataSummarizer(-1)(data)).toMatchObject({ atLeast: true, problem: null });
});

test.each(architectures)('%s has as many parameters as the published one', (arch) => {
  const file = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures'), `arch/${arch}.json`);
  const { parameters }: { parameters: number } = JSON.parse(readFileSync(file, 'utf8'));
  const config = trainConfig.parse({ data: '/d', arch, mlp: 'none', embeddingDimension: 128 });
  expect(parametersOf(config)).toBe(parameters);
});

test('parameters are those of torchvision', () => {
  const config = trainConfig.parse({ data: '/d', mlp: 'none', embeddingDimension: 1000, queueLength: 65536 });
  expect(parametersOf(config)).toBe(11_689_512); // resnet18 with its classifier of 1000
  expect(checkpointBytes(config)).toBe(4 * (3 * 11_689_512 + 65536 * 1000));
  expect(keptCheckpoints({ ...config, epochs: 200, keepLast: 2, keepEvery: 50 })).toBe(2 + 1 + 4 + 1);
});

test("transfer: CIFAR's files are no images by their names, and still a data set; a checkpoint that is gone is told", async () => {
  const { launch, workspace } = await studioWithData();
  const data = join(workspace, 'cifar');
  mkdirSync(data);
  for (const name of ['train', 'test', 'meta']) writeFileSync(join(data, name), '');
  const fields = async (kind: 'transfer' | 'project', folder: string) => {
    const { issues } = await launch.check(kind, { data: folder, pretrained: join(workspace, 'gone.pth') });
    return issues.filter(({ level }) => level === 'error').map(({ field }) => field);
  };
  expect(await fields('transfer', data)).toEqual(['pretrained']);
  expect(await fields('transfer', join(workspace, 'nowhere'))).toEqual(['data', 'pretrained']);
  expect(await fields('project', data)).toEqual(['data', 'pretrained']);
});

test('the memory of a distillation has room for the teacher, by its net where that is known, else by its file', async () => {
  const { launch, data, workspace } = await studioWithData();
  const teacher = join(workspace, 'teacher.pth.tar');
  writeFileSync(teacher, Buffer.alloc(1_000_000));
  const memoryOf = async (change: object) => {
    const config = { data, batchSize: 8, queueLength: 16, imageSize: 32, ...change };
    return (await launch.check('distill', config)).estimates!.memoryBytes!;
  };
  const alone = await memoryOf({});
  expect((await memoryOf({ teacher })) - alone).toBe(1_000_000);
  // 28 million parameters (SwAV's README), and what they compute.
  const named = await memoryOf({ teacher, teacherArch: 'resnet50', teacherMethod: 'swav' });
  expect(named - alone).toBeGreaterThan(4 * 28e6);
});
