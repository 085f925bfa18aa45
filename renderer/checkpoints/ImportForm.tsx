import { Autocomplete, Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { architectures, teacherArchitectures } from '../../common/architectures.ts';
import type { CheckpointPreview } from '../../common/checkpoints.ts';
import type { TaskProgress } from '../api/run-task.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import styles from './ImportForm.module.css';
import { MatchReport } from './MatchReport.tsx';
import { PreviewFacts } from './PreviewFacts.tsx';
import type { ImportOptions, Recognition } from './use-import.ts';

interface ImportFormProps {
  preview: CheckpointPreview;
  /** The preview is of the choice before, and a new one is being made. */
  stale: boolean;
  error: unknown;
  recognition: Recognition;
  onRecognition: (recognition: Recognition) => void;
  initialName: string;
  /** The file lies where the studio can read it later. */
  linkable: boolean;
  importing: boolean;
  progress: TaskProgress | null;
  onCancelImport: () => void;
  onImport: (options: ImportOptions) => void;
  onClose: () => void;
}

export function ImportForm(props: ImportFormProps) {
  const { preview, stale, error, recognition, onRecognition, linkable, importing } = props;
  const [name, setName] = useState(props.initialName);
  const [link, setLink] = useState(false);
  const usable = preview.arch !== null && preview.refusal === null;
  const byHand = Object.keys(recognition).length > 0;

  return (
    <Stack gap="md">
      <PreviewFacts preview={preview} wanted={recognition.arch} />
      <div className={styles.choices}>
        <Select
          label="Architecture"
          searchable
          disabled={importing}
          data={architectureChoices(preview)}
          value={preview.arch ?? recognition.arch ?? null}
          placeholder="None fits: choose one"
          allowDeselect={false}
          onChange={(arch) => arch && onRecognition({ ...recognition, arch })}
        />
        <Select
          label="Encoder in the file"
          disabled={importing || preview.encoders.length < 2}
          data={[...new Set([preview.encoder, ...preview.encoders.map((encoder) => encoder.name)])]}
          value={preview.encoder}
          allowDeselect={false}
          onChange={(encoder) => encoder && onRecognition({ arch: recognition.arch, encoder })}
        />
        <PrefixInput
          key={preview.prefix}
          preview={preview}
          disabled={importing}
          onPrefix={(prefix) => onRecognition({ ...recognition, prefix })}
        />
      </div>
      <div aria-busy={stale || undefined}>
        <MatchReport preview={preview} />
      </div>
      <div className={styles.options}>
        <TextInput
          label="Name"
          value={name}
          disabled={importing}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {linkable && (
          <Radio.Group label="The file" value={link ? 'link' : 'copy'} onChange={(value) => setLink(value === 'link')}>
            <Group gap="lg" mt={6}>
              <Radio
                value="copy"
                disabled={importing}
                label="Copy into the workspace"
                description="Safe from what happens to the original."
              />
              <Radio
                value="link"
                disabled={importing}
                label="Link to it"
                description="Takes no space; it must stay where it is."
              />
            </Group>
          </Radio.Group>
        )}
      </div>
      {error !== null && !isAbort(error) && (
        <ErrorNotice title="It could not be imported; nothing was changed" error={error} />
      )}
      {importing ? (
        <TaskProgressLine label="Importing" progress={props.progress} onCancel={props.onCancelImport} />
      ) : (
        <Group justify="flex-end" gap="xs">
          {!usable && (
            <Text fz="sm" className="quiet" flex={1}>
              {recognition.arch
                ? 'What is chosen by hand has to fit.'
                : 'It can be kept and looked into, but no run can use it.'}
            </Text>
          )}
          {byHand && (
            <Button variant="subtle" color="gray" onClick={() => onRecognition({})}>
              Recognise it again
            </Button>
          )}
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            disabled={stale || (!usable && recognition.arch !== undefined)}
            onClick={() => props.onImport({ name, link: linkable && link })}
          >
            Import
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface PrefixInputProps {
  preview: CheckpointPreview;
  disabled: boolean;
  onPrefix: (prefix: string) => void;
}

/** Takes effect when it is left or Enter is pressed: each prefix means to look into the file again. */
function PrefixInput({ preview, disabled, onPrefix }: PrefixInputProps) {
  const [prefix, setPrefix] = useState(preview.prefix);
  useEffect(() => setPrefix(preview.prefix), [preview.prefix]);
  const take = (next: string) => next !== preview.prefix && onPrefix(next);
  return (
    <Autocomplete
      label="Prefix of its tensors"
      disabled={disabled}
      placeholder="none"
      spellCheck={false}
      data={[...new Set(preview.encoders.map((encoder) => encoder.prefix).filter(Boolean))]}
      value={prefix}
      onChange={setPrefix}
      onOptionSubmit={take}
      onBlur={() => take(prefix)}
      onKeyDown={({ key }) => key === 'Enter' && take(prefix)}
    />
  );
}

/** Below this a net is not worth naming. */
const leastShare = 0.01;

function architectureChoices({ candidates, arch }: CheckpointPreview) {
  const best = new Map<string, number>();
  for (const { arch, score } of candidates)
    if (score >= leastShare) best.set(arch, Math.max(score, best.get(arch) ?? 0));
  const fitting = Array.from(best, ([value, score]) => ({ value, label: `${value} · ${Math.round(score * 100)} %` }));
  const others = [...new Set<string>([...(arch ? [arch] : []), ...architectures, ...teacherArchitectures])].filter(
    (name) => !best.has(name),
  );
  return [
    ...(fitting.length > 0 ? [{ group: 'Share of tensors that fit', items: fitting }] : []),
    ...(others.length > 0 ? [{ group: fitting.length > 0 ? 'Others' : 'All', items: others }] : []),
  ];
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
