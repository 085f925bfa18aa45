import { Button, FileButton, Group, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { FolderOpen, Image } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CheckpointDetail } from '../../common/checkpoints.ts';
import { thumbnailUrl, useTRPC } from '../api/client.ts';
import { FolderPicker } from '../launch/FolderPicker.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatCount, formatSignificant } from '../ui/format.ts';
import { ImageTile } from '../ui/ImageTile.tsx';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import styles from './ImageNeighbours.module.css';
import { useImageNeighbours } from './use-image-neighbours.ts';

interface ImageNeighboursProps {
  checkpoint: CheckpointDetail;
  image: File | null;
  onImage: (image: File) => void;
}

const most = 20;

/** An image, dropped on the page or chosen, and what the net finds alike among the images of a folder. */
export function ImageNeighbours({ checkpoint, image, onImage }: ImageNeighboursProps) {
  const trpc = useTRPC();
  const [chosen, setFolder] = useState<string | null>(null);
  const [picking, picker] = useDisclosure(false);
  const datasets = useQuery(trpc.datasets.list.queryOptions());
  const known = datasets.data?.filter(({ images }) => (images ?? 0) > 0) ?? [];
  const folder = chosen ?? known[0]?.path ?? null;
  const offered = [...new Set([...known.map(({ path }) => path), ...(folder ? [folder] : [])])];
  const held = known.find(({ path }) => path === folder);
  // Of a small folder, all of it.
  const wanted = held?.images && !held.atLeast ? Math.min(most, held.images) : most;
  const search = useImageNeighbours(checkpoint.id, image, folder, wanted);
  const preview = usePreview(image);
  const { data: found } = search;

  return (
    <Stack gap="sm" className={`surface ${styles.panel}`}>
      <Group gap="sm" align="flex-end">
        <Select
          label="Among the images of"
          placeholder={datasets.isPending ? 'Reading …' : 'Choose a folder'}
          w={{ base: '100%', xs: 420 }}
          data={offered}
          value={folder}
          allowDeselect={false}
          onChange={setFolder}
        />
        <Button variant="default" leftSection={<FolderOpen size={15} />} onClick={picker.open}>
          Another folder …
        </Button>
        <FileButton
          accept="image/*"
          onChange={(file) => file && onImage(file)}
          inputProps={{ 'aria-label': 'Image whose neighbours are looked for' }}
        >
          {({ onClick }) => (
            <Button leftSection={<Image size={15} />} disabled={folder === null} onClick={onClick}>
              Choose an image …
            </Button>
          )}
        </FileButton>
      </Group>
      {!image && (
        <Text fz="sm" className="quiet">
          {folder === null
            ? 'Choose a folder of images to search first.'
            : 'Drop an image anywhere on this page, or choose one: the images that the net finds most alike are shown.'}
        </Text>
      )}
      {image && search.searching && (
        <TaskProgressLine label="Looking for its neighbours" progress={search.progress} onCancel={search.cancel} />
      )}
      {image && search.cancelled && (
        <Text fz="sm" className="quiet">
          Cancelled. Choose an image or another folder to look again.
        </Text>
      )}
      {search.error && !search.searching && (
        <ErrorNotice title="Its neighbours could not be found" error={search.error} onRetry={search.refetch} />
      )}
      {image && found && !search.searching && (
        <div className={styles.found} data-result="image-neighbours">
          {preview && (
            <ImageTile source={preview} path={image.name} words={image.name} note="the image" right={null} large />
          )}
          <div className={styles.neighbours}>
            {found.neighbours.map(({ path, class: its, distance }) => (
              <ImageTile
                key={path}
                source={thumbnailUrl('tasks', found.taskId, below(folder ?? '', path))}
                path={path}
                words={its ?? ''}
                note={`at ${formatSignificant(distance)}`}
                right={null}
              />
            ))}
          </div>
          <Text fz="xs" className="quiet numbers">
            The nearest {found.neighbours.length} of {formatCount(found.images)} images.
          </Text>
        </div>
      )}
      {picking && (
        <FolderPicker
          title="Images to search"
          value={folder ?? ''}
          onClose={picker.close}
          onPick={(path) => {
            setFolder(path);
            picker.close();
          }}
        />
      )}
    </Stack>
  );
}

/** The image as the page has it, as long as it is shown. */
function usePreview(image: File | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!image) return setAddress(null);
    const made = URL.createObjectURL(image);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [image]);
  return address;
}

function below(folder: string, path: string): string {
  return path.startsWith(folder) ? path.slice(folder.length).replace(/^[/\\]/, '') : path;
}
