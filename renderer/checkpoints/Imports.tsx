import { Button, FileButton, Group, Menu, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Download, HardDrive, Laptop } from 'lucide-react';
import { useRef, useState } from 'react';
import { isDesktop, pathOfFile } from '../api/client.ts';
import { PathBrowser } from '../launch/PathBrowser.tsx';
import { DropOverlay } from './DropOverlay.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { useFileDrop } from './use-file-drop.ts';
import type { ImportSource } from './use-sent-file.ts';

const extensions = '.pth,.pt,.tar,.pkl,.ckpt,.bin,.safetensors';

interface WaitingImport {
  key: number;
  source: ImportSource;
}

/**
 * Files on their way in, one dialog after another; more are added by dropping them anywhere. An image is no checkpoint:
 * `onImage` is told of it.
 */
export function useImports(onImage?: (image: File) => void) {
  const [waiting, setWaiting] = useState<WaitingImport[]>([]);
  const add = (sources: ImportSource[]) =>
    setWaiting((before) => {
      const next = (before.at(-1)?.key ?? 0) + 1;
      return [...before, ...sources.map((source, index) => ({ key: next + index, source }))];
    });
  const addFiles = (files: File[]) => add(files.map(sourceOf));
  const over = useFileDrop((files) => {
    const images = onImage ? files.filter(({ type }) => type.startsWith('image/')) : [];
    if (images[0]) onImage?.(images[0]);
    addFiles(files.filter((file) => !images.includes(file)));
  });
  return {
    waiting,
    over,
    takesImages: onImage !== undefined,
    add,
    addFiles,
    next: () => setWaiting((before) => before.slice(1)),
  };
}

type ImportQueue = ReturnType<typeof useImports>;

/** A file that the studio can reach by itself is not sent. */
export function sourceOf(file: File): ImportSource {
  const path = pathOfFile(file);
  return path === undefined ? { file } : { path };
}

export function Imports({ imports: { waiting, over, next, takesImages } }: { imports: ImportQueue }) {
  const first = waiting[0];
  return (
    <>
      {over && (
        <DropOverlay title="Drop a checkpoint to import it">
          .pth.tar, .pth, .pt, .safetensors. Nothing is imported before you have seen what is in it.
          {takesImages && ' Or an image, to see its nearest neighbours.'}
        </DropOverlay>
      )}
      {first && <ImportDialog key={first.key} source={first.source} waiting={waiting.length - 1} onClose={next} />}
    </>
  );
}

/** In the desktop application there is one machine; through a browser there may be two. */
export function ImportButton({ imports: { add, addFiles } }: { imports: ImportQueue }) {
  const [browsing, browser] = useDisclosure(false);
  const forget = useRef<() => void>(null);
  const label = 'Import …';
  const icon = { size: 15, strokeWidth: 1.8 };
  return (
    <FileButton
      multiple
      accept={extensions}
      resetRef={forget}
      onChange={(files) => {
        addFiles(files);
        // The same file can be chosen again.
        forget.current?.();
      }}
      inputProps={{ 'aria-label': 'Checkpoint files' }}
    >
      {({ onClick }) =>
        isDesktop() ? (
          <Button leftSection={<Download size={16} />} onClick={onClick}>
            {label}
          </Button>
        ) : (
          <>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button leftSection={<Download size={16} />}>{label}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<Laptop {...icon} />} onClick={onClick}>
                  A file of this computer
                </Menu.Item>
                <Menu.Item leftSection={<HardDrive {...icon} />} onClick={browser.open}>
                  A file where the studio runs
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            {browsing && (
              <Modal opened onClose={browser.close} title="A checkpoint where the studio runs" size="lg">
                <PathBrowser
                  start=""
                  onFile={(path) => {
                    browser.close();
                    add([{ path }]);
                  }}
                />
                <Group justify="flex-end" mt="md">
                  <Button variant="default" onClick={browser.close}>
                    Cancel
                  </Button>
                </Group>
              </Modal>
            )}
          </>
        )
      }
    </FileButton>
  );
}
