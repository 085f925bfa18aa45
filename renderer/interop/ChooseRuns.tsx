import { Button, Divider, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { FileArchive } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { isDesktop } from '../api/client.ts';
import { sourceOf } from '../checkpoints/Imports.tsx';
import { FolderPicker } from '../launch/FolderPicker.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import styles from './Interop.module.css';
import { chosenFolder, type RunSource } from './run-source.ts';

/** Which bundle or log folder; a file can be dropped anywhere as well. */
export function ChooseRuns({ onChoose, onClose }: { onChoose: (source: RunSource) => void; onClose: () => void }) {
  const [path, setPath] = useState('');
  const [browsing, browser] = useDisclosure(false);
  const [problem, setProblem] = useState<unknown>(null);
  const folder = useRef<HTMLInputElement>(null);

  function look(event: FormEvent) {
    event.preventDefault();
    if (path.trim()) onChoose({ path: path.trim() });
  }

  function takeFolder(files: File[]) {
    try {
      onChoose({ folder: chosenFolder(files) });
    } catch (thrown) {
      setProblem(thrown);
    }
  }

  return (
    <Stack gap="md">
      <div className={styles.drop}>
        <FileArchive size={26} strokeWidth={1.6} aria-hidden />
        <Text fz="sm">
          Drop a bundle of runs (.zip) here, as another studio exported it, or a log folder of TensorBoard
        </Text>
        <Group gap="xs" justify="center">
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
          {!isDesktop() && (
            <>
              <Button variant="default" size="xs" onClick={() => folder.current?.click()}>
                Choose a log folder of this computer
              </Button>
              <input
                ref={(input) => {
                  folder.current = input;
                  input?.setAttribute('webkitdirectory', ''); // React has no name for it
                }}
                type="file"
                hidden
                aria-label="Log folder of TensorBoard"
                onChange={({ currentTarget }) => {
                  takeFolder([...(currentTarget.files ?? [])]);
                  currentTarget.value = '';
                }}
              />
            </>
          )}
        </Group>
      </div>
      {problem !== null && <ErrorNotice title="It cannot be imported" error={problem} />}
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
