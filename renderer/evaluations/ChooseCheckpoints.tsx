import { Button, Checkbox, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { Search } from 'lucide-react';
import { useState } from 'react';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { filterCheckpoints } from '../checkpoints/filter-checkpoints.ts';
import styles from './Evaluate.module.css';
import type { Selection } from './selection.ts';

interface ChooseCheckpointsProps {
  known: CheckpointSummary[];
  selection: Selection;
  onClose: () => void;
}

/** More are found by the search. */
const mostShown = 400;

/** Rows of the grid: one by one, the best of a run, or all of its epochs. */
export function ChooseCheckpoints({ known, selection, onClose }: ChooseCheckpointsProps) {
  const [search, setSearch] = useState('');
  const found = filterCheckpoints(known, search, 'all').filter(({ arch }) => arch !== null);
  const shown = found.slice(0, mostShown);
  const groups = Map.groupBy(shown, ({ source, run }) => (source === 'run' ? (run?.id ?? '') : ''));
  const bests = found.filter(({ best, state }) => best && state === 'ok');
  const { checkpoints: chosen, setCheckpoints } = selection;
  const add = (more: CheckpointSummary[]) =>
    setCheckpoints([...chosen, ...more.filter(isOk).map(({ sha256 }) => sha256)]);

  return (
    <Modal opened onClose={onClose} title="Checkpoints" size="lg">
      <Stack gap="sm">
        <TextInput
          data-autofocus
          aria-label="Search checkpoints"
          placeholder="Search names, nets, hashes, runs"
          leftSection={<Search size={15} />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Group gap="xs">
          <Button size="compact-sm" variant="default" disabled={bests.length === 0} onClick={() => add(bests)}>
            The best of every run
          </Button>
          <Button size="compact-sm" variant="default" disabled={chosen.length === 0} onClick={() => setCheckpoints([])}>
            None
          </Button>
        </Group>
        <fieldset className={`surface ${styles.choices}`} aria-label="Checkpoints to choose from">
          {[...groups].map(([runId, members]) => (
            <section key={runId || 'imported'} aria-label={nameOf(members)}>
              <Group justify="space-between" gap="xs" px={10} pt={10} pb={4} wrap="nowrap">
                <Title order={3} fz="sm" className={styles.truncated} title={nameOf(members)}>
                  {nameOf(members)}
                </Title>
                <Group gap={6} wrap="nowrap">
                  {members.some(({ best }) => best) && (
                    <Button size="compact-xs" variant="default" onClick={() => add(members.filter(({ best }) => best))}>
                      Best
                    </Button>
                  )}
                  <Button size="compact-xs" variant="default" onClick={() => add(members)}>
                    {runId ? `All ${members.length} epochs` : `All ${members.length}`}
                  </Button>
                </Group>
              </Group>
              {members.map((checkpoint) => (
                <Checkbox
                  key={checkpoint.sha256}
                  className={styles.choice}
                  size="xs"
                  label={labelOf(checkpoint)}
                  disabled={!isOk(checkpoint)}
                  checked={chosen.includes(checkpoint.sha256)}
                  onChange={({ currentTarget }) =>
                    setCheckpoints(
                      currentTarget.checked
                        ? [...chosen, checkpoint.sha256]
                        : chosen.filter((one) => one !== checkpoint.sha256),
                    )
                  }
                />
              ))}
            </section>
          ))}
          {shown.length === 0 && (
            <Text fz="sm" className="quiet" p="sm">
              No checkpoint has all of these words.
            </Text>
          )}
        </fieldset>
        <Group justify="space-between">
          <Text fz="sm" className="quiet numbers" role="status">
            {chosen.length} chosen
            {found.length > shown.length ? `, ${found.length - shown.length} more are found by the search` : ''}
          </Text>
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const isOk = ({ state }: CheckpointSummary) => state === 'ok';

function nameOf([first]: CheckpointSummary[]): string {
  return first?.source === 'run' ? (first.run?.name ?? 'A run') : 'Imported';
}

function labelOf({ source, name, epoch, best, arch, state, id }: CheckpointSummary): string {
  const title = source === 'run' ? `Epoch ${epoch}` : name;
  return [title, best && 'best kNN', arch, id, state !== 'ok' && state].filter(Boolean).join(' · ');
}
