import { Code, Kbd, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { CircleHelp, Search } from 'lucide-react';
import type { AppError } from '../../common/errors.ts';
import { FilterError } from '../../common/filter/tokens.ts';
import styles from './FilterBox.module.css';

interface FilterBoxProps {
  label: string;
  value: string;
  /** Why it could not be read. */
  problem: AppError | null;
  onChange: (value: string) => void;
}

const examples: [filter: string, what: string][] = [
  ['resnet demo', 'both words occur somewhere'],
  ['arch = resnet18 and (knn > 60 or epochs >= 100)', 'comparisons: = != < <= > >='],
  ['not name ~ /seed-[0-9]+$/i', 'a pattern (regular expression)'],
  ['tag = paper and star = true', 'marks; archived = true finds the archived'],
  ['best:probe/bestAccuracy > 60', 'best, last, bestEpoch of a curve'],
  ['at20:epoch/loss < 2', 'after epoch 20; mean5: of the last 5 points'],
];

/** Where runs are filtered (common/filter): what cannot be read is shown with its place marked. */
export function FilterBox({ label, value, problem, onChange }: FilterBoxProps) {
  return (
    <TextInput
      data-search
      w={{ base: '100%', xs: 420 }}
      placeholder="Words, or arch = resnet18 and knn > 60"
      aria-label={label}
      spellCheck={false}
      error={problem && <Problem text={value} problem={problem} />}
      leftSection={<Search size={15} aria-hidden />}
      rightSection={<FilterHelp />}
      rightSectionWidth={58}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      onKeyDown={({ key }) => key === 'Escape' && onChange('')}
    />
  );
}

function Problem({ text, problem }: { text: string; problem: AppError }) {
  const at = problem instanceof FilterError ? problem.at : null;
  return (
    <>
      {at !== null && (
        <span className={styles.echo} aria-hidden>
          {text.slice(0, at)}
          <mark className={styles.place}>{wordAt(text, at)}</mark>
          {text.slice(at + wordAt(text, at).length)}
        </span>
      )}
      {problem.message} {problem.cure ?? ''}
    </>
  );
}

/** What stands at the place; a space where something is missing at the end. */
function wordAt(text: string, at: number): string {
  return /^(?:[^\s()]+|.)/.exec(text.slice(at))?.[0] ?? ' ';
}

function FilterHelp() {
  return (
    <>
      <Kbd size="xs">/</Kbd>
      <Popover position="bottom-end" width={440} withArrow trapFocus={false}>
        <Popover.Target>
          <UnstyledButton ml={6} lh={0} p={4} aria-label="How a filter is written">
            <CircleHelp size={15} aria-hidden />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown maw="92vw">
          <Stack gap={6}>
            {examples.map(([filter, what]) => (
              <div key={filter}>
                <Code>{filter}</Code>
                <Text fz="xs" className="quiet">
                  {what}
                </Text>
              </div>
            ))}
            <Text fz="xs">
              The same text works at the command line: <Code>contrast runs ls "…"</Code>
            </Text>
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
