import { Menu } from '@mantine/core';
import { Ellipsis } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { RowButton } from './RowButton.tsx';

interface ActionsMenuProps {
  /** What is acted on. */
  name: string;
  /** It was asked for before it was there: it opens by itself. */
  asked?: boolean;
  children: ReactNode;
}

/** How big its icons are drawn. */
export const actionIcon = { size: 15, strokeWidth: 1.8 };

/** The three dots at the end of a row, and what they open. */
export function ActionsMenu({ name, asked = false, children }: ActionsMenuProps) {
  const [opened, setOpened] = useState(false);
  // One step after its button has come and has the focus, which goes back there when the menu closes.
  useEffect(() => setOpened(asked), [asked]);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal>
      <Menu.Target>
        <RowButton aria-label={labelOf(name)} autoFocus={asked}>
          <Ellipsis size={16} />
        </RowButton>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}

interface LateMenuProps {
  name: string;
  /** An `ActionsMenu` that is asked for. */
  children: () => ReactNode;
}

/** The three dots alone until they are used: of the menus of a long table hardly any ever is. */
export function LateMenu({ name, children }: LateMenuProps) {
  const [used, setUsed] = useState(false);
  if (used) return children();
  return (
    <RowButton aria-label={labelOf(name)} aria-haspopup="menu" aria-expanded={false} onClick={() => setUsed(true)}>
      <Ellipsis size={16} />
    </RowButton>
  );
}

function labelOf(name: string): string {
  return `Actions for ${name}`;
}
