import { ActionIcon, Group, Kbd, NavLink, Stack, Tooltip } from '@mantine/core';
import {
  Boxes,
  ChartNoAxesColumn,
  CircleHelp,
  Columns3,
  Cpu,
  List,
  ListOrdered,
  Rocket,
  Table2,
  WandSparkles,
} from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { Mark } from './Mark.tsx';
import styles from './Navigation.module.css';
import { RunningNow } from './RunningNow.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

const pages = [
  { path: '/runs', label: 'Runs', icon: List },
  { path: '/launch', label: 'Launch', icon: Rocket },
  { path: '/queue', label: 'Queue', icon: ListOrdered },
  { path: '/checkpoints', label: 'Checkpoints', icon: Boxes },
  { path: '/augmentations', label: 'Augmentations', icon: WandSparkles },
  { path: '/evaluate', label: 'Evaluate', icon: ChartNoAxesColumn },
  { path: '/compare', label: 'Compare', icon: Columns3 },
  { path: '/results', label: 'Results', icon: Table2 },
  { path: '/system', label: 'System', icon: Cpu },
];

export function Navigation({ onNavigate, onHelp }: { onNavigate: () => void; onHelp: () => void }) {
  const [location] = useLocation();
  return (
    <Stack h="100%" gap={0} p="sm">
      <Group visibleFrom="sm" px={8} pt={6} pb="lg">
        <Mark />
      </Group>
      <Stack gap={2} flex={1}>
        {pages.map(({ path, label, icon: Icon }) => (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={label}
            active={location.startsWith(path)}
            aria-current={location.startsWith(path) ? 'page' : undefined}
            leftSection={<Icon size={17} strokeWidth={1.8} aria-hidden />}
            rightSection={path === '/launch' ? <Kbd size="xs">N</Kbd> : undefined}
            onClick={onNavigate}
            className={styles.link}
          />
        ))}
      </Stack>
      <RunningNow onNavigate={onNavigate} />
      <Group justify="space-between" pt="sm" px={4}>
        <ThemeToggle />
        <Tooltip label="Keyboard shortcuts (?)">
          <ActionIcon variant="subtle" color="gray" onClick={onHelp} aria-label="Keyboard shortcuts">
            <CircleHelp size={17} strokeWidth={1.8} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Stack>
  );
}
