import { Button, Modal } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { AppError } from '../../common/errors.ts';
import { showError } from '../api/errors.ts';
import { DropOverlay } from '../checkpoints/DropOverlay.tsx';
import { sourceOf } from '../checkpoints/Imports.tsx';
import { useFileDrop } from '../checkpoints/use-file-drop.ts';
import type { ImportSource } from '../checkpoints/use-sent-file.ts';
import { ChooseRuns } from './ChooseRuns.tsx';
import { ImportRuns } from './ImportRuns.tsx';

function refusal(name: string): AppError {
  return new AppError('usage', `${name} is no bundle of runs (.zip).`, {
    cure: 'A log folder of TensorBoard is read where the studio runs: name its path in "Import".',
  });
}

/** Runs from a bundle or a log folder of TensorBoard; a bundle can be dropped anywhere on the page. */
export function ImportRunsButton() {
  const [opened, setOpened] = useState(false);
  const [source, setSource] = useState<ImportSource | null>(null);
  const over = useFileDrop(([file]) => {
    if (!file) return;
    const dropped = sourceOf(file);
    // A browser cannot read a folder by its name, nor tell what it is.
    if ('file' in dropped && !/\.zip$/i.test(file.name)) return showError('It cannot be imported', refusal(file.name));
    setOpened(true);
    setSource(dropped);
  });

  function close() {
    setOpened(false);
    setSource(null);
  }

  return (
    <>
      <Button variant="default" leftSection={<Download size={16} />} onClick={() => setOpened(true)}>
        Import …
      </Button>
      {over && (
        <DropOverlay title="Drop a bundle of runs to import it">
          A .zip that a studio exported. Nothing is imported before you have seen what is in it.
        </DropOverlay>
      )}
      {opened && (
        <Modal opened onClose={close} title="Import runs" size={720} closeOnClickOutside={false}>
          {source ? (
            <ImportRuns
              key={'path' in source ? source.path : `${source.file.name} ${source.file.lastModified}`}
              source={source}
              onBack={() => setSource(null)}
              onClose={close}
            />
          ) : (
            <ChooseRuns onChoose={setSource} onClose={close} />
          )}
        </Modal>
      )}
    </>
  );
}
