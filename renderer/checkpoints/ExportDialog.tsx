import { Alert, Button, Group, Modal, Radio, Select, Stack, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { CheckpointDetail, CheckpointExport, ExportFormat } from '../../common/checkpoints.ts';
import { useTRPCClient } from '../api/client.ts';
import { ExportButtons } from '../interop/ExportButtons.tsx';
import { ExportPlace } from '../interop/ExportPlace.tsx';
import { useFileExport } from '../interop/use-file-export.ts';
import { CopyBlock } from '../ui/CopyBlock.tsx';
import { formatBytes } from '../ui/format.ts';
import { exportChoices, fileNameFor, loadingLine } from './export-choices.ts';

interface ExportDialogProps {
  checkpoint: CheckpointDetail;
  onClose: () => void;
}

/** Writes the checkpoint as a file for others, to a folder of the machine that the studio runs on or to be downloaded. */
export function ExportDialog({ checkpoint, onClose }: ExportDialogProps) {
  const client = useTRPCClient();
  const choices = exportChoices(checkpoint);
  const [format, setFormat] = useState<ExportFormat>(choices.find(({ whyNot }) => !whyNot)?.format ?? 'reference');
  const [encoder, setEncoder] = useState('q');
  const [name, setName] = useState<string | null>(null);

  const fileName = name ?? fileNameFor(checkpoint, format);
  const twoEncoders = format !== 'reference' && checkpoint.layout === 'moco';
  const exporting = useFileExport<CheckpointExport>({
    fileName,
    start: (target) =>
      client.checkpoints.export.mutate({
        file: checkpoint.sha256,
        format,
        ...target,
        ...(twoEncoders && { encoder }),
      }),
  });
  const { write, place } = exporting;

  function close() {
    exporting.cancel();
    onClose();
  }

  return (
    <Modal opened onClose={close} title={`Export ${checkpoint.name}`} size={680} closeOnClickOutside={false}>
      {write.data ? (
        <Exported result={write.data} onClose={onClose} onAgain={write.reset} />
      ) : (
        <Stack gap="md">
          <Radio.Group label="Format" value={format} onChange={(value) => setFormat(value as ExportFormat)}>
            <Stack gap="sm" mt={6}>
              {choices.map((choice) => (
                <Radio
                  key={choice.format}
                  value={choice.format}
                  label={choice.label}
                  description={choice.whyNot ?? choice.help}
                  disabled={choice.whyNot !== undefined || write.isPending}
                />
              ))}
            </Stack>
          </Radio.Group>
          {twoEncoders && (
            <Select
              label="Encoder"
              description="The key encoder is the moving average of the query encoder."
              data={[
                { value: 'q', label: 'Query encoder, as evaluations take' },
                { value: 'k', label: 'Key encoder' },
              ]}
              value={encoder}
              allowDeselect={false}
              disabled={write.isPending}
              onChange={(value) => value && setEncoder(value)}
            />
          )}
          <ExportPlace
            place={place}
            nameLabel="Name of the file"
            name={fileName}
            onName={setName}
            disabled={write.isPending}
            onChange={write.reset}
          />
          <ExportButtons exporting={exporting} onClose={close} />
        </Stack>
      )}
    </Modal>
  );
}

interface ExportedProps {
  result: CheckpointExport & { downloaded: boolean };
  onClose: () => void;
  onAgain: () => void;
}

function Exported({ result, onClose, onAgain }: ExportedProps) {
  // Of a download its name alone is known: the browser has its own place for it.
  const target = result.downloaded ? result.target.replace(/^.*[/\\]/, '') : result.target;
  return (
    <Stack gap="md">
      <Alert
        color="teal"
        icon={<CircleCheck size={18} />}
        title={result.downloaded ? 'Exported: this browser downloads it' : 'Exported'}
      >
        <Text fz="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {target}
        </Text>
        <Text fz="sm" mt={4} className="numbers">
          {formatBytes(result.sizeBytes)} · SHA-256 {result.sha256.slice(0, 12)}
        </Text>
      </Alert>
      <div>
        <Text fz="sm" mb={4}>
          In Python:
        </Text>
        <CopyBlock text={loadingLine({ ...result, target })} label="the line" />
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onAgain}>
          Export another
        </Button>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
