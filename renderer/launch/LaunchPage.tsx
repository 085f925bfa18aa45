import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { NotFound } from '../ui/NotFound.tsx';
import { LaunchForm } from './LaunchForm.tsx';
import { isDemo } from './RecipesPage.tsx';

/** The form filled in by a recipe. */
export function LaunchPage({ recipe: id }: { recipe: string }) {
  const trpc = useTRPC();
  const recipes = useQuery(trpc.recipes.list.queryOptions());
  const recipe = recipes.data?.find((candidate) => candidate.id === id);
  const defaults = useQuery(
    trpc.launch.defaults.queryOptions(
      { kind: recipe?.kind ?? 'train', recipe: id },
      { enabled: recipe !== undefined, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const error = recipes.error ?? defaults.error;
  if (error) return <ErrorNotice title="The recipe could not be read" error={error} />;
  if (recipes.data && !recipe) return <NotFound />;
  if (!recipe || !defaults.data) return <Skeleton height={480} aria-label="Loading the form" />;
  return (
    <LaunchForm
      kind={recipe.kind}
      title={recipe.title}
      subtitle={recipe.expect}
      initialConfig={defaults.data}
      initialName=""
      recipe={recipe.id}
      demo={isDemo(recipe)}
    />
  );
}
