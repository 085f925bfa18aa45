/** Every recipe that is shipped: its values are those of its kind, and nothing in them contradicts anything else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jobs } from '../../common/jobs/index.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import { trainIssues } from '../../common/jobs/train-rules.ts';
import { recipeFile } from '../../common/recipes.ts';

const folder = join(import.meta.dirname, '../../resources/recipes');

for (const file of readdirSync(folder)) {
  test(file, () => {
    const recipe = recipeFile.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    expect(`${recipe.id}.json`).toBe(file);
    for (const text of [recipe.source, recipe.expect, recipe.summary]) expect(text).not.toBe('');
    jobs[recipe.kind].config.partial().parse(recipe.config);
    if (recipe.kind !== 'train') return;
    expect(trainIssues(trainConfig.parse({ data: 'anywhere', ...recipe.config }), null)).toEqual([]);
  });
}
