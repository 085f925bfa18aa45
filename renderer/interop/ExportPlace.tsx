import { Button, Radio, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { FolderPicker } from '../launch/FolderPicker.tsx';

interface ExportPlaceProps {
  place: {
    folder: string;
    setFolder: (folder: string) => void;
    download: boolean;
    /** Null where there is no choice. */
    setDownload: ((download: boolean) => void) | null;
  };
  nameLabel: string;
  name: string;
  onName: (name: string) => void;
  disabled: boolean;
  /** What was said of the place before no longer holds. */
  onChange: () => void;
}

/** Where an exported file goes to, and its name. */
export function ExportPlace({ place, nameLabel, name, onName, disabled, onChange }: ExportPlaceProps) {
  const [browsing, browser] = useDisclosure(false);
  const { folder, setFolder, download, setDownload } = place;
  return (
    <>
      {setDownload && (
        <Radio.Group
          label="To"
          value={download ? 'download' : 'folder'}
          onChange={(value) => {
            onChange();
            setDownload(value === 'download');
          }}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="download" label="A download of this browser" disabled={disabled} />
            <Radio value="folder" label="A folder where the studio runs" disabled={disabled} />
          </Stack>
        </Radio.Group>
      )}
      {!download && (
        <TextInput
          label="Folder, where the studio runs"
          value={folder}
          spellCheck={false}
          disabled={disabled}
          onChange={({ currentTarget }) => {
            onChange();
            setFolder(currentTarget.value);
          }}
          rightSection={
            <Button size="compact-xs" variant="default" mr={8} onClick={browser.open} aria-label="Choose the folder">
              Choose …
            </Button>
          }
          rightSectionWidth={92}
        />
      )}
      <TextInput
        label={nameLabel}
        value={name}
        spellCheck={false}
        disabled={disabled}
        onChange={({ currentTarget }) => {
          onChange();
          onName(currentTarget.value);
        }}
      />
      {browsing && (
        <FolderPicker
          title="Export to"
          value={folder}
          images={false}
          onClose={browser.close}
          onPick={(path) => {
            onChange();
            setFolder(path);
            browser.close();
          }}
        />
      )}
    </>
  );
}
