import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRecipeService } from '../../../main/services/recipes.ts';

const shipped = join(import.meta.dirname, '..', '..', '..', 'resources', 'recipes');

function openRecipes() {
  const workspace = mkdtempSync(join(tmpdir(), 'contrast-recipes-'));
  onTestFinished(() => rmSync(workspace, { recursive: true, force: true }));
  const own = join(workspace, 'recipes');
  const warnings: string[] = [];
  return { own, warnings, recipes: createRecipeService({ shipped, own, onWarning: (text) => warnings.push(text) }) };
}

const mild = {
  title: 'Mild colours, 32 px',
  summary: 'Less jitter.',
  source: 'From the demo.',
  kind: 'train' as const,
  config: { data: '/somewhere', jitter: 0.2, imageSize: 32, epochs: 200, schedule: [120, 160] },
};

test('a saved recipe holds what differs from the defaults, in a file of its own, after those of the studio', async () => {
  const { recipes, own } = openRecipes();
  const before = await recipes.list();
  expect(before.every((recipe) => !recipe.own)).toBe(true);
  const saved = await recipes.save(mild);
  expect(saved).toMatchObject({ id: 'mild-colours-32-px', own: true, config: { jitter: 0.2, imageSize: 32 } });
  expect(Object.keys(saved.config).sort()).toEqual(['imageSize', 'jitter']);
  expect(JSON.parse(readFileSync(join(own, 'mild-colours-32-px.json'), 'utf8'))).toEqual({
    ...{ id: saved.id, title: mild.title, summary: mild.summary, source: mild.source, expect: '', kind: 'train' },
    config: saved.config,
  });
  expect(await recipes.list()).toEqual([...before, saved]);
  expect(await recipes.get(saved.id)).toEqual(saved);
  expect(readdirSync(own)).toEqual(['mild-colours-32-px.json']);
});

test('names: one of the studio is never taken, one of the own only when it is to be replaced', async () => {
  const { recipes } = openRecipes();
  await recipes.save(mild);
  await expect(recipes.save({ ...mild, title: 'MILD colours: 32 px' })).rejects.toMatchObject({
    code: 'conflict',
    message: 'There is a recipe "Mild colours, 32 px" already.',
    cure: expect.stringContaining('replace'),
  });
  const replaced = await recipes.save({ ...mild, config: { jitter: 0.3 } }, { replace: true });
  expect((await recipes.list()).filter((recipe) => recipe.own)).toEqual([replaced]);
  for (const replace of [false, true]) {
    await expect(recipes.save({ ...mild, title: 'Demo' }, { replace })).rejects.toMatchObject({ code: 'conflict' });
  }
  await expect(recipes.save({ ...mild, title: '猫' })).rejects.toMatchObject({
    code: 'config-invalid',
    field: 'title',
  });
  await expect(recipes.save({ ...mild, title: 'Wild', config: { jitter: 99 } })).rejects.toMatchObject({
    code: 'config-invalid',
    field: 'jitter',
  });
});

test('a deleted recipe comes back, unless its name was taken meanwhile; those of the studio stay', async () => {
  const { recipes } = openRecipes();
  const saved = await recipes.save(mild);
  await recipes.remove(saved.id);
  await expect(recipes.get(saved.id)).rejects.toMatchObject({ code: 'not-found' });
  expect(await recipes.restore(saved.id)).toEqual(saved);
  await recipes.remove(saved.id);
  await recipes.save(mild);
  await expect(recipes.restore(saved.id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(recipes.remove('demo')).rejects.toMatchObject({ code: 'conflict' });
  await expect(recipes.restore('../demo')).rejects.toMatchObject({ code: 'not-found' });
});

test('a file that somebody spoilt is told of once and keeps the others', async () => {
  const { recipes, own, warnings } = openRecipes();
  await recipes.save(mild);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'broken.json'), '{"id": "broken"');
  expect((await recipes.list()).some(({ id }) => id === 'mild-colours-32-px')).toBe(true);
  await recipes.list();
  expect(warnings).toEqual([expect.stringContaining('broken.json')]);
});
