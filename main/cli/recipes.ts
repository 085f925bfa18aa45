/** Recipes by name: those that come with the studio, then those saved in the workspace. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { JobKind } from '../../common/jobs/index.ts';
import { type Recipe, recipeFile } from '../../common/recipes.ts';
import { places } from './checkout.ts';

export function findRecipe(name: string, kind: JobKind, workspace: string): Recipe {
  const folders = [join(places.resources, 'recipes'), join(workspace, 'recipes')];
  const files = folders.flatMap(filesIn).filter((file) => file.endsWith('.json'));
  const recipes = files.map(readRecipe);
  const fitting = recipes.filter((recipe) => recipe?.kind === kind || (kind === 'dry-run' && recipe?.kind === 'train'));
  const recipe = fitting.find((one) => one?.id === name);
  if (recipe) return recipe;
  const names = fitting.map((one) => one?.id).join(', ');
  throw new AppError('not-found', `There is no recipe called "${name}" for ${kind}.`, {
    cure: names ? `There are: ${names}.` : 'There are none for this verb.',
  });
}

/** A file that somebody spoilt is none of the recipes to choose from, and keeps the others. */
function readRecipe(file: string): Recipe | undefined {
  try {
    return recipeFile.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // the workspace has none
  }
}
