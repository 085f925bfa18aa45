import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ArrowRight, Save } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { AppError } from '../../common/errors.ts';
import type { PreviewRequest } from '../../common/views-preview.ts';
import { keepDraft } from '../launch/draft.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatCount } from '../ui/format.ts';
import { PageHeader } from '../ui/PageHeader.tsx';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import styles from './Augmentations.module.css';
import { EpochBar } from './EpochBar.tsx';
import { ImageCard } from './ImageCard.tsx';
import { NoImages } from './NoImages.tsx';
import { OverlapPanel } from './OverlapPanel.tsx';
import { SaveRecipe } from './SaveRecipe.tsx';
import { SourceBar } from './SourceBar.tsx';
import { type LabDraft, useLab } from './use-lab.ts';
import { useOneImage } from './use-one-image.ts';
import { usePreview } from './use-preview.ts';
import { ViewFields } from './ViewFields.tsx';

/** The views that training makes of images, under settings that can be tried out. */
export function AugmentationsPage() {
  const lab = useLab();
  if (lab.error) return <ErrorNotice title="The lab could not be opened" error={lab.error} />;
  if (!lab.draft) return <Skeleton height={480} aria-label="Loading the lab" />;
  return <Lab lab={lab} draft={lab.draft} />;
}

function Lab({ lab, draft }: { lab: ReturnType<typeof useLab>; draft: LabDraft }) {
  const [, navigate] = useLocation();
  const [saving, dialog] = useDisclosure(false);
  const image = useOneImage();
  const [epoch, setEpoch] = useState(0);
  const [images, setImages] = useState(6);
  const [choice, setChoice] = useState(0);
  const [dropping, setDropping] = useState(false);

  const { kind, config } = draft;
  const data = String(config.data ?? '');
  const ready = image.name === null ? data !== '' : image.path !== null;
  const file = image.path ?? undefined;
  const request: PreviewRequest | null = ready
    ? { kind, config, epoch, images: file ? 1 : images, choice: file ? 0 : choice, file }
    : null;
  const { answer, shown, drawing, progress, error, retry } = usePreview(request);
  const failure = answer?.problem;
  const said = failure && new AppError(failure.code, failure.message, { cure: failure.cure });
  const problem = ready ? (error ?? said) : null;
  const issues = ready ? (answer?.issues ?? []) : [];
  const unsettled = issues.filter(({ level }) => level === 'error');
  const visible = ready ? shown : null;

  function drop(event: DragEvent) {
    event.preventDefault();
    setDropping(false);
    const dropped = [...event.dataTransfer.files].find(({ type }) => type.startsWith('image/'));
    if (dropped) image.open(dropped);
  }
  function takeToForm() {
    keepDraft(draft);
    navigate('/launch/draft');
  }
  return (
    <>
      <PageHeader title="Augmentation lab" subtitle="The views that training would compare, image by image.">
        <Button variant="default" leftSection={<Save size={15} />} onClick={dialog.open}>
          Save as a recipe
        </Button>
        <Button rightSection={<ArrowRight size={15} />} onClick={takeToForm}>
          Use in launch form
        </Button>
      </PageHeader>
      <div className={styles.columns}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut of the button that opens an image */}
        <div
          className={dropping ? styles.dropping : undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setDropping(true);
          }}
          onDragLeave={() => setDropping(false)}
          onDrop={drop}
        >
          <Stack gap="md">
            <SourceBar
              draft={draft}
              image={image}
              onTake={(kind, recipe) => void lab.take(kind, recipe)}
              onData={(path) => lab.set('data', path)}
            />
            {!ready && image.name === null && <NoImages onData={(path) => lab.set('data', path)} />}
            {ready && (
              <EpochBar
                epoch={epoch}
                onEpoch={setEpoch}
                images={images}
                onImages={setImages}
                onOthers={() => setChoice(choice + 1)}
                single={file !== undefined}
                note={
                  visible
                    ? `${countWords(visible.answer.count)} · drawn in ${Math.round(visible.answer.elapsedMs)} ms`
                    : ''
                }
              />
            )}
            {problem ? <ErrorNotice title="The views could not be drawn" error={problem} onRetry={retry} /> : null}
            {unsettled.length > 0 && (
              <Text fz="sm" c="var(--mantine-color-error)" role="status">
                {unsettled.map(({ message }) => message).join(' ')} The views below are those of before.
              </Text>
            )}
            {ready && !visible && !problem && unsettled.length === 0 && (
              <div aria-busy="true">
                {progress ? <TaskProgressLine label="looking for images" progress={progress} /> : <Waiting />}
              </div>
            )}
            {visible && (
              <div
                className={styles.cards}
                data-stale={unsettled.length > 0 || Boolean(problem)}
                data-drawing={drawing}
                data-answer={visible.answer.number}
              >
                {visible.answer.images.map((one) => (
                  <ImageCard key={one.index} task={visible.task} image={one} paired={one.overlap !== null} />
                ))}
              </div>
            )}
            {visible?.answer.estimate && <OverlapPanel estimate={visible.answer.estimate} />}
          </Stack>
        </div>
        <aside className={`surface ${styles.panel}`} aria-label="Settings of the views">
          <ViewFields kind={kind} config={config} issues={issues} onChange={lab.set} onFix={lab.change} />
          {draft.recipe && (
            <Group mt="md">
              <Button variant="subtle" size="compact-sm" onClick={() => void lab.take(kind, draft.recipe)}>
                Back to the recipe's values
              </Button>
            </Group>
          )}
        </aside>
      </div>
      {saving && (
        <SaveRecipe
          draft={draft}
          onClose={dialog.close}
          onSaved={(recipe) => {
            lab.adopt(recipe);
            dialog.close();
          }}
        />
      )}
    </>
  );
}

function countWords(images: number): string {
  return images === 1 ? 'One image' : `${formatCount(images)} images`;
}

function Waiting() {
  return (
    <div className={styles.cards}>
      {[0, 1, 2].map((place) => (
        <Skeleton key={place} height={170} aria-label="Drawing the views" />
      ))}
    </div>
  );
}
