/** Recipes: those that come with the studio, and those that its user saved in `<workspace>/recipes`. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { refuseWrongTypes } from '../../common/config-issues.ts';
import { AppError } from '../../common/errors.ts';
import { fieldsOf } from '../../common/fields.ts';
import { jobs } from '../../common/jobs/index.ts';
import { type ListedRecipe, type NewRecipe, type Recipe, recipeFile } from '../../common/recipes.ts';
import { writeAtomically } from '../../system/write-atomically.ts';

export interface RecipeService {
  /** The demo first, then the studio's, then the user's. */
  list(): Promise<ListedRecipe[]>;
  get(id: string): Promise<ListedRecipe>;
  /** Throws `conflict` where there is one of that name, unless it is the user's and `replace` is asked for. */
  save(recipe: NewRecipe, options?: { replace?: boolean }): Promise<ListedRecipe>;
  /** One of the user's; it stays in the folder `.deleted`, where `restore` finds it. */
  remove(id: string): Promise<void>;
  restore(id: string): Promise<ListedRecipe>;
}

interface RecipeFolders {
  /** Of the studio. */
  shipped: string;
  /** Of the user; made when it is needed. */
  own: string;
  onWarning(message: string): void;
}

export function createRecipeService({ shipped, own, onWarning }: RecipeFolders): RecipeService {
  const told = new Set<string>();

  async function list(): Promise<ListedRecipe[]> {
    const recipes = (await readFolder(shipped)).map(({ read }) => ({ ...read(), own: false }));
    // The demo, which needs nothing, comes first.
    recipes.sort((a, b) => Number(b.id === 'demo') - Number(a.id === 'demo'));
    return [...recipes, ...(await ownRecipes()).map(({ recipe }) => ({ ...recipe, own: true }))];
  }

  /** A file that somebody spoilt is told of once and keeps none of the others away. */
  async function ownRecipes(): Promise<{ path: string; recipe: Recipe }[]> {
    const files = existsSync(own) ? await readFolder(own) : [];
    return files.flatMap(({ path, read }) => {
      try {
        return [{ path, recipe: read() }];
      } catch (thrown) {
        const { message } = thrown as Error;
        if (!told.has(message)) onWarning(message);
        told.add(message);
        return [];
      }
    });
  }

  async function get(id: string): Promise<ListedRecipe> {
    const recipes = await list();
    const recipe = recipes.find((one) => one.id === id);
    if (recipe) return recipe;
    throw new AppError('not-found', `There is no recipe "${id}".`, {
      cure: `There are ${recipes.map((one) => one.id).join(', ')}.`,
    });
  }

  return {
    list,
    get,

    async save({ title, summary, source, kind, config }, { replace = false } = {}) {
      const id = idOf(title);
      const before = (await list()).find((recipe) => recipe.id === id);
      if (before && !(before.own && replace)) {
        const cure = before.own ? 'Choose another title, or replace it.' : 'Choose another title.';
        throw new AppError('conflict', `There is a recipe "${before.title}" already.`, { cure, field: 'title' });
      }
      const recipe = recipeFile.parse({
        id,
        title,
        summary,
        source,
        expect: '',
        kind,
        config: tellingOf(kind, config),
      });
      const path = (await ownRecipes()).find((one) => one.recipe.id === id)?.path ?? join(own, `${id}.json`);
      mkdirSync(own, { recursive: true });
      writeAtomically(path, `${JSON.stringify(recipe, null, 2)}\n`);
      return { ...recipe, own: true };
    },

    async remove(id) {
      const found = (await ownRecipes()).find(({ recipe }) => recipe.id === id);
      if (!found) {
        const { title } = await get(id);
        throw new AppError('conflict', `"${title}" comes with the studio and stays.`);
      }
      mkdirSync(join(own, '.deleted'), { recursive: true });
      renameSync(found.path, join(own, '.deleted', `${id}.json`));
    },

    async restore(id) {
      const path = join(own, '.deleted', `${basename(id)}.json`);
      if (!existsSync(path)) throw new AppError('not-found', `There is no deleted recipe "${id}".`);
      if ((await list()).some((recipe) => recipe.id === id)) {
        throw new AppError('conflict', `There is another recipe "${id}" by now.`, { cure: 'Delete that one first.' });
      }
      renameSync(path, join(own, `${basename(id)}.json`));
      return get(id);
    },
  };
}

interface RecipeOnDisk {
  path: string;
  /** Throws `config-invalid` naming the file and what is wrong with it. */
  read(): Recipe;
}

async function readFolder(folder: string): Promise<RecipeOnDisk[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const text = await readFile(path, 'utf8').catch((thrown: Error) => thrown);
      return { path, read: () => parse(path, text) };
    }),
  );
}

function parse(path: string, text: string | Error): Recipe {
  try {
    if (text instanceof Error) throw text;
    const recipe = recipeFile.parse(JSON.parse(text));
    jobs[recipe.kind].config.partial().parse(recipe.config);
    return recipe;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : thrown;
    throw new AppError('config-invalid', `The recipe ${path} cannot be read: ${why}`, { cause: thrown });
  }
}

/** What its title comes to as a name of a file and at the command line. */
function idOf(title: string): string {
  const id = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  if (id !== '') return id;
  throw new AppError('config-invalid', `"${title}" has no letter or digit that a file could be named by.`, {
    cure: 'Give it a title with some letters from a to z.',
    field: 'title',
  });
}

/** What of a config differs from the defaults; a recipe is for any data. Throws `config-invalid` for wrong values. */
function tellingOf(kind: Recipe['kind'], config: Record<string, unknown>): Record<string, unknown> {
  const schema = jobs[kind].config;
  const telling = fieldsOf(schema).filter(
    ({ key, default: value }) =>
      key !== 'data' && config[key] !== undefined && JSON.stringify(config[key]) !== JSON.stringify(value),
  );
  const told = Object.fromEntries(telling.map(({ key }) => [key, config[key]]));
  // What a recipe leaves out is given later.
  refuseWrongTypes(
    kind,
    told,
    telling.map(({ key }) => key),
  );
  return told;
}
