import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

export type TagColor = 'gray' | 'indigo' | 'yellow' | 'orange' | 'teal' | 'red';

/** Text on the palest shade of its colour, 4.5 to 1 and more (WCAG 2.2 AA); the library's own is paler. */
const lightText: Record<TagColor, string> = {
  gray: '#495057',
  indigo: '#364fc7',
  yellow: '#7a4d00',
  orange: '#9a3412',
  teal: '#066649',
  red: '#b02525',
};

interface TagProps {
  color: TagColor;
  icon?: ReactNode;
  children: ReactNode;
}

/** A word about a thing, on a quiet ground. */
export function Tag({ color, icon, children }: TagProps) {
  const shade = (number: number) => `var(--mantine-color-${color}-${number})`;
  const darkGround = color === 'gray' ? '#2c2f34' : `color-mix(in srgb, ${shade(9)} 32%, #1b1d21)`;
  return (
    <Badge
      variant="light"
      radius="sm"
      tt="none"
      fz={12}
      px={7}
      leftSection={icon}
      style={{
        flexShrink: 0,
        background: `light-dark(${shade(color === 'gray' ? 1 : 0)}, ${darkGround})`,
        color: `light-dark(${lightText[color]}, ${shade(color === 'gray' ? 4 : 3)})`,
      }}
    >
      {children}
    </Badge>
  );
}
