import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../api/client.ts';
import { codeOf, shownError } from '../api/errors.ts';
import type { LabDraft } from './use-lab.ts';

interface SaveRecipeProps {
  draft: LabDraft;
  onSaved: (recipe: string) => void;
  onClose: () => void;
}

/** The settings as a recipe of the user's: at its defaults for any data. */
export function SaveRecipe({ draft, onSaved, onClose }: SaveRecipeProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const recipes = useQuery(trpc.recipes.list.queryOptions());
  const from = recipes.data?.find(({ id }) => id === draft.recipe);
  const [title, setTitle] = useState(from?.own ? from.title : '');
  const [summary, setSummary] = useState(from?.own ? from.summary : '');
  const save = useMutation(
    trpc.recipes.save.mutationOptions({
      onSuccess: async (recipe) => {
        await queryClient.invalidateQueries({ queryKey: trpc.recipes.list.queryKey() });
        await queryClient.invalidateQueries({ queryKey: trpc.launch.defaults.queryKey() });
        notifications.show({ title: 'Saved', message: `${recipe.title} is among the recipes now.` });
        onSaved(recipe.id);
      },
    }),
  );
  const same = recipes.data?.find((recipe) => recipe.title.toLowerCase() === title.trim().toLowerCase());
  // Two titles may come to one name of a file: that is found out by trying.
  const taken = same !== undefined || codeOf(save.error) === 'conflict';
  const replaceable = same?.own ?? false;
  const error = save.error ? shownError(save.error) : null;

  function submit(replace: boolean) {
    if (title.trim() === '') return;
    const source = from ? `The augmentation lab, from ${from.title}` : 'The augmentation lab';
    save.mutate({ title, summary, source, kind: draft.kind, config: draft.config, replace });
  }
  return (
    <Modal opened onClose={onClose} title="Save as a recipe">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(replaceable);
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Title"
            data-autofocus
            maxLength={100}
            value={title}
            onChange={({ currentTarget }) => {
              setTitle(currentTarget.value);
              save.reset();
            }}
            error={
              error
                ? `${error.message} ${error.cure ?? ''}`
                : taken && !replaceable
                  ? 'A recipe of the studio is called so.'
                  : undefined
            }
          />
          <Textarea
            label="What it is for"
            autosize
            minRows={2}
            maxLength={500}
            value={summary}
            onChange={({ currentTarget }) => setSummary(currentTarget.value)}
          />
          <Text fz="xs" className="quiet">
            All settings that differ from the defaults are saved, the folder of images is not.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={title.trim() === '' || (taken && !replaceable)}>
              {replaceable ? 'Replace' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
