/** A recipe: a file of config values that are known to work, with their source and the result to expect. */
import { z } from 'zod';
import { jobKinds } from './jobs/index.ts';

export const recipeFile = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  summary: z.string(),
  /** Paper and table, or file of the reference, that the values are from. */
  source: z.string(),
  /** What comes out where it was tried: which number, on what machine, in what time. */
  expect: z.string(),
  kind: z.enum(jobKinds),
  /** Only the fields that differ from the defaults of the kind. */
  config: z.record(z.string(), z.unknown()),
});

export type Recipe = z.infer<typeof recipeFile>;

/** As the studio lists it. */
export interface ListedRecipe extends Recipe {
  /** The user saved it; the others come with the studio. */
  own: boolean;
}

/** What a user saves: its name comes from the title, its values are those that differ from the defaults. */
export type NewRecipe = Pick<Recipe, 'title' | 'summary' | 'source' | 'kind' | 'config'>;
