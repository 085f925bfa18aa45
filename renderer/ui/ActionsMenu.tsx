import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';

interface ActionsMenuProps {
  /** What is acted on. */
  name: string;
  children: ReactNode;
}

/** How big its icons are drawn. */
export const actionIcon = { size: 15, strokeWidth: 1.8 };

/** The three dots at the end of a row, which itself opens by a click and has keys of its own: neither reaches it. */
export function ActionsMenu({ name, children }: ActionsMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Actions for ${name}`}
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
        >
          <Ellipsis size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
