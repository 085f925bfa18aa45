import { ActionIcon, Button, Group, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, BookOpen, Clock3, SlidersHorizontal, Target, Trash2 } from 'lucide-react';
import { Link } from 'wouter';
import { type JobKind, jobKinds, jobs } from '../../common/jobs/index.ts';
import type { ListedRecipe } from '../../common/recipes.ts';
import { useTRPC } from '../api/client.ts';
import { ChainCards } from '../chains/ChainCards.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { Tag } from '../ui/Tag.tsx';
import { RecipeLine } from './RecipeLine.tsx';
import styles from './RecipesPage.module.css';
import { useDeleteRecipe } from './use-delete-recipe.tsx';

/** Where a run starts: settings that are known to work, or a form at its defaults. */
export function RecipesPage() {
  const trpc = useTRPC();
  const { data, error, isPending, refetch } = useQuery(trpc.recipes.list.queryOptions());
  const deleteRecipe = useDeleteRecipe();
  const recipes = data?.toSorted((a, b) => rankOf(a) - rankOf(b));
  return (
    <>
      <PageHeader
        title="Launch"
        subtitle="Start from a recipe: settings that are known to work, with where they come from and what to expect."
      />
      {error && <ErrorNotice title="The recipes could not be read" error={error} onRetry={refetch} />}
      {isPending && <Skeleton height={220} aria-label="Loading the recipes" />}
      <div className={styles.cards}>
        {recipes?.map((recipe) => (
          <div key={recipe.id} className={styles.place}>
            <RecipeCard recipe={recipe} />
            {recipe.own && (
              <Tooltip label="Delete">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  className={styles.remove}
                  aria-label={`Delete ${recipe.title}`}
                  onClick={() => void deleteRecipe(recipe)}
                >
                  <Trash2 size={15} />
                </ActionIcon>
              </Tooltip>
            )}
          </div>
        ))}
      </div>
      <ChainCards />
      <Title order={2} mt="xl" mb="sm">
        From the defaults
      </Title>
      <Group gap="sm">
        {jobKinds
          .filter((kind) => jobs[kind].recorded)
          .map((kind) => (
            <Button
              key={kind}
              component={Link}
              href={`/launch/new/${kind}`}
              variant="default"
              leftSection={<SlidersHorizontal size={15} />}
            >
              {jobs[kind satisfies JobKind].title}
            </Button>
          ))}
      </Group>
    </>
  );
}

/** The demo first, then one's own. */
function rankOf(recipe: ListedRecipe): number {
  return isDemo(recipe) ? 0 : recipe.own ? 1 : 2;
}

export function isDemo(recipe: ListedRecipe): boolean {
  return !recipe.own && recipe.id.startsWith('demo');
}

function RecipeCard({ recipe }: { recipe: ListedRecipe }) {
  return (
    <Link
      href={`/launch/${recipe.id}`}
      className={`surface ${styles.card}`}
      data-recipe={recipe.id}
      data-demo={isDemo(recipe)}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2}>{recipe.title}</Title>
        {isDemo(recipe) && <Tag color="indigo">Start here</Tag>}
        {recipe.own && <Tag color="gray">Yours</Tag>}
      </Group>
      <Text fz="sm" className={styles.summary}>
        {recipe.summary}
      </Text>
      <Stack gap={6} mt="auto" pt="sm">
        {recipe.expect && <RecipeLine icon={<Target size={14} aria-hidden />} label="Expect" text={recipe.expect} />}
        <RecipeLine icon={<BookOpen size={14} aria-hidden />} label="Source" text={recipe.source} />
        {isDemo(recipe) && (
          <RecipeLine
            icon={<Clock3 size={14} aria-hidden />}
            label="Data"
            text="Made on this machine when you press Start; nothing is downloaded."
          />
        )}
      </Stack>
      <span className={styles.go}>
        Set up <ArrowRight size={14} aria-hidden />
      </span>
    </Link>
  );
}
