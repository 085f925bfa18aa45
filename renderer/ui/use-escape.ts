/** Escape leads back, unless it is to close what lies over the page: a dialog, a menu. */
import { useHotkeys } from '@mantine/hooks';

export function useEscape(onEscape: () => void): void {
  useHotkeys([
    [
      'Escape',
      ({ target }) => {
        const above = target instanceof Element && target.closest('[role="dialog"], [role="menu"], [role="listbox"]');
        if (!above) onEscape();
      },
    ],
  ]);
}
