import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { FolderListing } from '../../common/system.ts';
import { formatCount } from '../ui/format.ts';
import { PathBrowser } from './PathBrowser.tsx';

export interface PickerProps {
  title: string;
  value: string;
  onPick: (path: string) => void;
  onClose: () => void;
}

/** A folder of the machine that the studio runs on, with how many images it holds where that is of interest. */
export function FolderPicker({ title, value, images = true, onPick, onClose }: PickerProps & { images?: boolean }) {
  const [folder, setFolder] = useState<FolderListing>();
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <PathBrowser start={value} onFolder={setFolder} />
      <Group justify="space-between" mt="md">
        <Text fz="sm" className="quiet numbers" truncate>
          {images && folder ? `${formatCount(folder.images)} images directly in it` : ''}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!folder} onClick={() => folder && onPick(folder.path)}>
            Use this folder
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}
