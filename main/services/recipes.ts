/** Recipes that come with the studio. */
import type { Recipe } from '../../common/recipes.ts';

export interface RecipeService {
  list(): Promise<Recipe[]>;
  get(id: string): Promise<Recipe>;
}
