/** Recipes that come with the studio. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { jobs } from '../../common/jobs/index.ts';
import { type Recipe, recipeFile } from '../../common/recipes.ts';

export interface RecipeService {
  list(): Promise<Recipe[]>;
  get(id: string): Promise<Recipe>;
}

export function createRecipeService(folder: string): RecipeService {
  async function list(): Promise<Recipe[]> {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const recipes = await Promise.all(names.map((name) => readRecipe(join(folder, name))));
    // The demo, which needs nothing, comes first.
    return recipes.sort((a, b) => Number(b.id === 'demo') - Number(a.id === 'demo'));
  }

  return {
    list,
    async get(id) {
      const recipes = await list();
      const recipe = recipes.find((one) => one.id === id);
      if (recipe) return recipe;
      throw new AppError('not-found', `There is no recipe "${id}".`, {
        cure: `There are ${recipes.map((one) => one.id).join(', ')}.`,
      });
    },
  };
}

async function readRecipe(path: string): Promise<Recipe> {
  try {
    const recipe = recipeFile.parse(JSON.parse(await readFile(path, 'utf8')));
    jobs[recipe.kind].config.partial().parse(recipe.config);
    return recipe;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : thrown;
    throw new AppError('config-invalid', `The recipe ${path} cannot be read: ${why}`, { cause: thrown });
  }
}
