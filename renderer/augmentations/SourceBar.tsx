import { Button, FileButton, Pill, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { FolderOpen, ImagePlus } from 'lucide-react';
import { jobs } from '../../common/jobs/index.ts';
import { type PreviewKind, previewKinds } from '../../common/views-preview.ts';
import { useTRPC } from '../api/client.ts';
import { FolderPicker } from '../launch/FolderPicker.tsx';
import { formatCount } from '../ui/format.ts';
import styles from './Augmentations.module.css';
import { isPreviewKind, type LabDraft } from './use-lab.ts';
import type { OneImage } from './use-one-image.ts';

interface SourceBarProps {
  draft: LabDraft;
  image: OneImage;
  onTake: (kind: PreviewKind, recipe: string | undefined) => void;
  onData: (path: string) => void;
}

/** Whose views, and of which images. */
export function SourceBar({ draft, image, onTake, onData }: SourceBarProps) {
  const trpc = useTRPC();
  const recipes = useQuery(trpc.recipes.list.queryOptions());
  const datasets = useQuery(trpc.datasets.list.queryOptions());
  const [picking, picker] = useDisclosure(false);

  const fitting = (recipes.data ?? []).filter(({ kind }) => isPreviewKind(kind));
  const settings = [
    { group: 'Recipes', items: fitting.map(({ id, title }) => ({ value: `recipe ${id}`, label: title })) },
    {
      group: 'Defaults',
      items: previewKinds.map((kind) => ({ value: `kind ${kind}`, label: `${jobs[kind].title}: defaults` })),
    },
  ];
  const known = fitting.find(({ id }) => id === draft.recipe);

  const data = String(draft.config.data ?? '');
  const folders = (datasets.data ?? [])
    .filter(({ images }) => images)
    .map(({ path, name, images, atLeast }) => ({
      value: path,
      label: `${name} · ${atLeast ? 'over ' : ''}${formatCount(images)} images`,
    }));
  if (data && !folders.some(({ value }) => value === data)) folders.unshift({ value: data, label: data });

  function choose(value: string | null) {
    const [what, ...rest] = (value ?? '').split(' ');
    const name = rest.join(' ');
    const recipe = fitting.find(({ id }) => what === 'recipe' && id === name);
    if (recipe && isPreviewKind(recipe.kind)) onTake(recipe.kind, recipe.id);
    const kind = previewKinds.find((one) => what === 'kind' && one === name);
    if (kind) onTake(kind, undefined);
  }
  return (
    <div className={`surface ${styles.bar}`}>
      <Select
        label="Views of"
        data={settings}
        value={known ? `recipe ${known.id}` : `kind ${draft.kind}`}
        onChange={choose}
        allowDeselect={false}
        flex="1 1 220px"
        maw={380}
      />
      <Select
        label="Images from"
        placeholder="No folder yet"
        data={folders}
        value={data || null}
        onChange={(path) => path && onData(path)}
        allowDeselect={false}
        disabled={image.name !== null}
        nothingFoundMessage="No data sets yet"
        flex="1 1 220px"
        maw={380}
      />
      <Button variant="default" leftSection={<FolderOpen size={15} />} onClick={picker.open}>
        Choose a folder
      </Button>
      <FileButton accept="image/*" onChange={(file) => file && image.open(file)}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<ImagePlus size={15} />}>
            Open an image
          </Button>
        )}
      </FileButton>
      {image.name !== null && (
        <Pill
          withRemoveButton
          size="lg"
          removeButtonProps={{ 'aria-label': `Close ${image.name}`, 'aria-hidden': false, tabIndex: 0 }}
          onRemove={image.forget}
        >
          {image.name}
        </Pill>
      )}
      {picking && (
        <FolderPicker
          title="Images"
          value={data}
          onClose={picker.close}
          onPick={(path) => {
            image.forget();
            onData(path);
            picker.close();
          }}
        />
      )}
    </div>
  );
}
