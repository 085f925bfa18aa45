import { ActionIcon, Group, Kbd, NavLink, Stack, Tooltip } from '@mantine/core';
import { CircleHelp, Search } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { openPalette } from './CommandPalette.tsx';
import { Mark } from './Mark.tsx';
import styles from './Navigation.module.css';
import { pages } from './pages.ts';
import { RunningNow } from './RunningNow.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

export function Navigation({ onNavigate, onHelp }: { onNavigate: () => void; onHelp: () => void }) {
  const [location] = useLocation();
  return (
    <Stack h="100%" gap={0} p="sm">
      <Group visibleFrom="sm" px={8} pt={6} pb="lg">
        <Mark />
      </Group>
      <Stack gap={2} flex={1}>
        {pages.map(({ path, label, key, icon: Icon }) => (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={label}
            active={location.startsWith(path)}
            aria-current={location.startsWith(path) ? 'page' : undefined}
            leftSection={<Icon size={17} strokeWidth={1.8} aria-hidden />}
            rightSection={
              <Kbd size="xs" aria-hidden>
                {key}
              </Kbd>
            }
            aria-keyshortcuts={key}
            onClick={onNavigate}
            className={styles.link}
          />
        ))}
      </Stack>
      <RunningNow onNavigate={onNavigate} />
      <Group justify="space-between" gap={4} wrap="nowrap" pt="sm">
        <ThemeToggle />
        <Tooltip label="Commands (Ctrl K)">
          <ActionIcon variant="subtle" color="gray" onClick={openPalette} aria-label="Commands">
            <Search size={17} strokeWidth={1.8} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Keyboard shortcuts (?)">
          <ActionIcon variant="subtle" color="gray" onClick={onHelp} aria-label="Keyboard shortcuts">
            <CircleHelp size={17} strokeWidth={1.8} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Stack>
  );
}
