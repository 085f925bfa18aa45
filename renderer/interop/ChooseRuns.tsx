import { Button, Divider, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { FileArchive } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { sourceOf } from '../checkpoints/Imports.tsx';
import type { ImportSource } from '../checkpoints/use-sent-file.ts';
import { FolderPicker } from '../launch/FolderPicker.tsx';
import styles from './Interop.module.css';

/** Which bundle or log folder; a file can be dropped anywhere as well. */
export function ChooseRuns({ onChoose, onClose }: { onChoose: (source: ImportSource) => void; onClose: () => void }) {
  const [path, setPath] = useState('');
  const [browsing, browser] = useDisclosure(false);

  function look(event: FormEvent) {
    event.preventDefault();
    if (path.trim()) onChoose({ path: path.trim() });
  }

  return (
    <Stack gap="md">
      <div className={styles.drop}>
        <FileArchive size={26} strokeWidth={1.6} aria-hidden />
        <Text fz="sm">Drop a bundle of runs (.zip) here, as another studio exported it</Text>
        <FileButton
          accept=".zip,application/zip"
          onChange={(file) => file && onChoose(sourceOf(file))}
          inputProps={{ 'aria-label': 'Bundle of runs' }}
        >
          {({ onClick }) => (
            <Button variant="default" size="xs" onClick={onClick} data-autofocus>
              Choose a file of this computer
            </Button>
          )}
        </FileButton>
      </div>
      <Divider label="or, where the studio runs" />
      <form onSubmit={look}>
        <TextInput
          label="A log folder of TensorBoard, or a bundle"
          description="Each sub-folder with event files is a run. They are read, never run, and stay as they are."
          placeholder="/path/to/logs"
          value={path}
          spellCheck={false}
          onChange={({ currentTarget }) => setPath(currentTarget.value)}
          rightSection={
            <Button size="compact-xs" variant="default" mr={8} onClick={browser.open} aria-label="Choose the folder">
              Choose …
            </Button>
          }
          rightSectionWidth={92}
        />
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!path.trim()}>
            Look into it
          </Button>
        </Group>
      </form>
      {browsing && (
        <FolderPicker
          title="A log folder of TensorBoard"
          value={path}
          images={false}
          onClose={browser.close}
          onPick={(picked) => {
            setPath(picked);
            browser.close();
          }}
        />
      )}
    </Stack>
  );
}
