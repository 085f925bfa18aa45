import { Alert, Anchor, Button, Divider, Kbd, List, Loader, Stack, Text, TextInput } from '@mantine/core';
import { Play, TriangleAlert } from 'lucide-react';
import { type ChainChanges, type ChainFile, type ChainPlan, chainCommand } from '../../common/chains.ts';
import styles from '../launch/LaunchForm.module.css';
import { CopyBlock } from '../ui/CopyBlock.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatBytes, formatCount, formatDuration } from '../ui/format.ts';
import { labelOf } from './ChainPage.tsx';

interface ChainPanelProps {
  chain: ChainFile;
  given: Record<string, string>;
  changes: ChainChanges;
  name: string;
  onName: (name: string) => void;
  plan: ChainPlan | undefined;
  checking: boolean;
  error: unknown;
  starting: boolean;
  startable: boolean;
  /** Shows the fields of a link. */
  onOpen: (link: string) => void;
}

/** What each link will do, what stands in the way, and the button that starts the chain. */
export function ChainPanel(props: ChainPanelProps) {
  const { chain, given, changes, name, onName, plan, checking, error, starting, startable, onOpen } = props;
  const missing = plan?.missing ?? [];
  const problems = (plan?.links ?? []).flatMap(({ name, issues }) =>
    issues.filter(({ level }) => level === 'error').map(({ message }) => ({ link: name, message })),
  );
  return (
    <aside className={`surface ${styles.panel}`} aria-label="Before it starts">
      <Stack gap="md" p="md">
        <TextInput
          label="Name"
          placeholder="given by the studio"
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => onName(currentTarget.value)}
        />
        <Stack gap={6}>
          <Button type="submit" size="md" leftSection={<Play size={16} />} loading={starting} disabled={!startable}>
            Start the chain
          </Button>
          <Text fz="xs" className="quiet" ta="center">
            <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
          </Text>
        </Stack>
        <div aria-live="polite">
          {(missing.length > 0 || problems.length > 0) && (
            <Alert color="red" p="sm" icon={<TriangleAlert size={16} />} title="To settle before it starts">
              <List fz="xs" spacing={4} listStyleType="none">
                {missing.map((input) => (
                  <List.Item key={input}>
                    {labelOf(input)} is needed: {chain.inputs[input]}.
                  </List.Item>
                ))}
                {problems.map(({ link, message }) => (
                  <List.Item key={`${link} ${message}`}>
                    <Anchor
                      component="button"
                      type="button"
                      fz="xs"
                      ta="left"
                      className={styles.jump}
                      onClick={() => onOpen(link)}
                    >
                      {titleOf(chain, link)}: {message}
                    </Anchor>
                  </List.Item>
                ))}
              </List>
            </Alert>
          )}
        </div>
        {error ? <ErrorNotice title="The chain could not be checked" error={error} /> : null}
        <Divider />
        <Plan chain={chain} plan={plan} stale={checking} />
        <Divider />
        <div>
          <Text fz="sm" fw={500} mb={6}>
            The same at the command line
          </Text>
          <CopyBlock text={chainCommand(chain, given, changes)} label="command" />
        </div>
      </Stack>
    </aside>
  );
}

/** Link by link: its steps, and what it needs. */
function Plan({ chain, plan, stale }: { chain: ChainFile; plan: ChainPlan | undefined; stale: boolean }) {
  const steps = plan?.links.map(({ estimates }) => estimates?.totalSteps ?? null) ?? [];
  const total = steps.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return (
    <div aria-busy={stale}>
      <Text fz="sm" fw={500} mb={6}>
        What it will do {stale && <Loader size={11} aria-label="Reckoning anew" />}
      </Text>
      <List type="ordered" fz="sm" spacing={6} aria-label="Plan">
        {chain.links.map(({ title }, at) => (
          <List.Item key={title}>
            {title}
            <Text fz={12} className="quiet numbers">
              {planWords(plan?.links[at])}
            </Text>
          </List.Item>
        ))}
      </List>
      {total > 0 && (
        <Text fz={12} className="quiet numbers" mt={8}>
          {formatCount(total)} training steps in all
        </Text>
      )}
      {plan && (
        <Text fz={12} className="quiet numbers" data-hours>
          {timeWords(plan)}
        </Text>
      )}
    </div>
  );
}

function timeWords({ links }: ChainPlan): string {
  const known = links.flatMap(({ seconds }) => seconds ?? []);
  if (known.length === 0) return 'Time not known before a first run like one of them';
  const of = known.length < links.length ? ` for the ${known.length} whose pace is known` : '';
  return `About ${formatDuration(known.reduce((sum, one) => sum + one, 0) * 1000)}${of}`;
}

function planWords(link: ChainPlan['links'][number] | undefined): string {
  const { config, estimates, seconds } = link ?? {};
  const epochs = config?.epochs;
  const words = [
    typeof seconds === 'number' ? `about ${formatDuration(seconds * 1000)}` : '',
    typeof epochs === 'number' ? `${formatCount(epochs)} epochs` : '',
    estimates?.totalSteps ? `${formatCount(estimates.totalSteps)} steps` : '',
    estimates?.memoryBytes ? `memory about ${formatBytes(estimates.memoryBytes)}` : '',
    estimates?.diskBytes ? `disk ${formatBytes(estimates.diskBytes)}` : '',
  ].filter(Boolean);
  return words.length > 0 ? words.join(' · ') : 'looks at every image once';
}

function titleOf({ links }: ChainFile, name: string): string {
  return links.find((link) => link.name === name)?.title ?? name;
}
