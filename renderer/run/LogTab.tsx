import { Button, Group, Switch, Text, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatBytes } from '../ui/format.ts';
import styles from './LogTab.module.css';
import { useLog } from './use-log.ts';

const lineHeight = 19;

/** The end of log.txt, growing as the worker writes; earlier parts on request. */
export function LogTab({ id, logBytes }: { id: string; logBytes: number }) {
  const log = useLog(id, logBytes);
  const [search, setSearch] = useState('');
  const [following, setFollowing] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const words = search.trim().toLowerCase();
  const lines = useMemo(
    () => (words ? log.lines.filter((line) => line.toLowerCase().includes(words)) : log.lines),
    [log.lines, words],
  );
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });

  useEffect(() => {
    if (following && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [following, lines.length, virtualizer]);

  if (log.error) return <ErrorNotice title="The log could not be read" error={log.error} />;
  return (
    <>
      <Group justify="space-between" mb="sm">
        <TextInput
          data-search
          w={280}
          size="xs"
          placeholder="Search the log"
          aria-label="Search the log"
          leftSection={<Search size={14} />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Group gap="md">
          <Text fz="xs" className="quiet numbers">
            {words ? `${lines.length} of ${log.lines.length} lines` : `${log.lines.length} lines`} ·{' '}
            {formatBytes(logBytes)}
          </Text>
          {log.earlierBytes > 0 && (
            <Button size="compact-xs" variant="default" loading={log.loadingEarlier} onClick={log.loadEarlier}>
              Show earlier ({formatBytes(log.earlierBytes)})
            </Button>
          )}
          <Switch
            size="xs"
            label="Follow"
            checked={following}
            onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
          />
        </Group>
      </Group>
      <div
        ref={scroller}
        className={`surface ${styles.log}`}
        role="log"
        aria-live="off"
        aria-label="Log of the run"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
        tabIndex={0}
        onWheel={({ deltaY }) => deltaY < 0 && setFollowing(false)}
      >
        {lines.length === 0 && (
          <Text fz="sm" className="quiet" p="md">
            {words ? 'No line has this text.' : 'Nothing was logged yet.'}
          </Text>
        )}
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => (
            <div key={index} className={styles.line} style={{ transform: `translateY(${start}px)` }}>
              <Line text={lines[index] ?? ''} words={words} />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function Line({ text, words }: { text: string; words: string }) {
  const at = words ? text.toLowerCase().indexOf(words) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + words.length)}</mark>
      {text.slice(at + words.length)}
    </>
  );
}
