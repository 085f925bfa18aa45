import { Alert, Button, Divider, Kbd, List, Stack, Text, TextInput } from '@mantine/core';
import { Play, TriangleAlert } from 'lucide-react';
import { commandLineOf, sweepWords } from '../../common/command-line.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import type { Issue, LaunchCheck } from '../../common/launch.ts';
import { CopyBlock } from '../ui/CopyBlock.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { EstimateFacts } from './EstimateFacts.tsx';
import type { Config } from './form-values.ts';
import styles from './LaunchForm.module.css';
import { TimeEstimate } from './TimeEstimate.tsx';
import type { Measured, Sweep } from './use-sweep.ts';

interface LaunchPanelProps {
  kind: JobKind;
  config: Config;
  name: string;
  onName: (name: string) => void;
  /** What it is called when nothing is typed. */
  suggestedName: string | undefined;
  /** The form stands for a sweep. */
  sweep: Sweep | null;
  check: LaunchCheck | undefined;
  checking: boolean;
  checkError: unknown;
  issues: Issue[];
  onFix: (fix: Config) => void;
  starting: boolean;
  startable: boolean;
  /** The demo data is still to be made. */
  dataMissing: boolean;
  onMeasured: (measured: Measured) => void;
  /** The run that has the device now. */
  waitsFor: string | undefined;
}

/** What the run will need and cost, what stands in its way, and the button that starts it. */
export function LaunchPanel(props: LaunchPanelProps) {
  const { kind, config, name, onName, check, checking, checkError, issues, onFix, starting, startable } = props;
  const { dataMissing, waitsFor, suggestedName, sweep, onMeasured } = props;
  const errors = issues.filter(({ level }) => level === 'error');
  const { positional } = jobs[kind];
  const command = commandLineOf(kind, { ...config, [positional]: config[positional] || 'FOLDER' });
  const general = issues.filter(({ field }) => field === null);
  return (
    <aside className={`surface ${styles.panel}`} aria-label="Before it starts">
      <Stack gap="md" p="md">
        <TextInput
          label="Name"
          placeholder={suggestedName ?? 'given by the studio'}
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => onName(currentTarget.value)}
        />
        <Stack gap={6}>
          <Button type="submit" size="md" leftSection={<Play size={16} />} loading={starting} disabled={!startable}>
            {sweep ? `Queue ${countWords(sweep)}` : 'Start'}
          </Button>
          <Text fz="xs" className="quiet" ta="center">
            {waitsFor ? `Starts when ${waitsFor} has ended` : <Shortcut />}
          </Text>
        </Stack>
        <div aria-live="polite">
          {errors.length > 0 && (
            <Alert color="red" p="sm" icon={<TriangleAlert size={16} />} title={summary(errors.length)}>
              <List fz="xs" spacing={4} listStyleType="none">
                {errors.map(({ field, message, fix }) => (
                  <List.Item key={message}>
                    {field ? (
                      <a href={`#field-${field}`} className={styles.jump} onClick={(event) => jump(event, field)}>
                        {message}
                      </a>
                    ) : (
                      message
                    )}
                    {fix && (
                      <Button size="compact-xs" variant="light" ml={6} onClick={() => onFix(fix.config)}>
                        {fix.label}
                      </Button>
                    )}
                  </List.Item>
                ))}
              </List>
            </Alert>
          )}
          {general
            .filter(({ level }) => level === 'warning')
            .map(({ message }) => (
              <Alert key={message} color="yellow" p="sm" mt="xs">
                <Text fz="xs">{message}</Text>
              </Alert>
            ))}
        </div>
        {checkError ? <ErrorNotice title="The settings could not be checked" error={checkError} /> : null}
        <Divider />
        <EstimateFacts estimates={check?.estimates ?? null} stale={checking} dataMissing={dataMissing} />
        {kind === 'train' && (
          <TimeEstimate config={config} ready={errors.length === 0 && !dataMissing} onMeasured={onMeasured} />
        )}
        <Divider />
        <div>
          <Text fz="sm" fw={500} mb={6}>
            The same at the command line
          </Text>
          <CopyBlock text={sweep ? `${command} ${sweepWords(sweep)}` : command} label="command" />
        </div>
      </Stack>
    </aside>
  );
}

function Shortcut() {
  return (
    <>
      <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
    </>
  );
}

function countWords({ plan }: Sweep): string {
  if (!plan) return 'the sweep';
  return plan.runs.length === 1 ? '1 run' : `${plan.runs.length} runs`;
}

function summary(count: number): string {
  return count === 1 ? 'One thing to settle' : `${count} things to settle`;
}

/** The route lives in the address's hash, so the link may not go there by itself. */
function jump(event: { preventDefault: () => void }, field: string) {
  event.preventDefault();
  const input = document.getElementById(`field-${field}`);
  input?.scrollIntoView({ block: 'center' });
  input?.focus({ preventScroll: true });
}
