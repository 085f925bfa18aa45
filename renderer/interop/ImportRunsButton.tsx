import { Button, Modal } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { AppError } from '../../common/errors.ts';
import { showError } from '../api/errors.ts';
import { DropOverlay } from '../checkpoints/DropOverlay.tsx';
import { sourceOf } from '../checkpoints/Imports.tsx';
import { useFileDrop } from '../checkpoints/use-file-drop.ts';
import { ChooseRuns } from './ChooseRuns.tsx';
import { ImportRuns } from './ImportRuns.tsx';
import { droppedFolder, keyOf, type RunSource } from './run-source.ts';

function refusal(name: string): AppError {
  return new AppError('usage', `${name} is no bundle of runs (.zip).`, {
    cure: 'Of a log of TensorBoard the folder is dropped, not a file in it.',
  });
}

/** Runs from a bundle or a log folder of TensorBoard; either can be dropped anywhere on the page. */
export function ImportRunsButton() {
  const [opened, setOpened] = useState(false);
  const [source, setSource] = useState<RunSource | null>(null);
  const over = useFileDrop(async ([file], [folder]) => {
    if (!file) return;
    try {
      const dropped = sourceOf(file);
      const next = 'path' in dropped || !folder ? dropped : { folder: await droppedFolder(folder) };
      if ('file' in next && !/\.zip$/i.test(file.name)) throw refusal(file.name);
      setOpened(true);
      setSource(next);
    } catch (thrown) {
      showError('It cannot be imported', thrown);
    }
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
        <DropOverlay title="Drop a bundle of runs, or a log folder of TensorBoard">
          A .zip that a studio exported, or a folder with event files. Nothing is imported before you have seen what is
          in it.
        </DropOverlay>
      )}
      {opened && (
        <Modal opened onClose={close} title="Import runs" size={720} closeOnClickOutside={false}>
          {source ? (
            <ImportRuns key={keyOf(source)} source={source} onBack={() => setSource(null)} onClose={close} />
          ) : (
            <ChooseRuns onChoose={setSource} onClose={close} />
          )}
        </Modal>
      )}
    </>
  );
}
