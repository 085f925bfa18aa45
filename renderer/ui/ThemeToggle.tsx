import {
  ActionIcon,
  Center,
  Group,
  type MantineColorScheme,
  SegmentedControl,
  Tooltip,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { Contrast, Monitor, Moon, Sun } from 'lucide-react';
import { useContrast } from './contrast.ts';

const schemes = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'auto', label: 'As the system', icon: Monitor },
] as const;

export function ThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { high, setHigh } = useContrast();
  return (
    <Group gap={4} wrap="nowrap">
      <Schemes value={colorScheme} onChange={setColorScheme} />
      <Tooltip label="High contrast">
        <ActionIcon
          variant={high ? 'filled' : 'subtle'}
          color={high ? undefined : 'gray'}
          aria-label="High contrast"
          aria-pressed={high}
          onClick={() => setHigh(!high)}
        >
          <Contrast size={16} strokeWidth={1.8} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

interface SchemesProps {
  value: MantineColorScheme;
  onChange: (scheme: MantineColorScheme) => void;
}

function Schemes({ value: chosen, onChange }: SchemesProps) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Colours"
      value={chosen}
      onChange={(scheme) => onChange(scheme as MantineColorScheme)}
      data={schemes.map(({ value, label, icon: Icon }) => ({
        value,
        label: (
          <Center title={label}>
            <Icon size={14} strokeWidth={1.8} aria-hidden />
            <VisuallyHidden>{label}</VisuallyHidden>
          </Center>
        ),
      }))}
    />
  );
}
