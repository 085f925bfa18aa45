/** Shortcuts of a single letter or sign, which whoever speaks to the machine or misses keys can switch off (WCAG 2.1.4). */
import { type HotkeyItem, useHotkeys, useLocalStorage } from '@mantine/hooks';

export function useSingleKeysSwitch() {
  return useLocalStorage({ key: 'single-keys', defaultValue: true, getInitialValueInEffect: false });
}

/** As the library's `useHotkeys`, while they are on. */
export function useSingleKeys(keys: HotkeyItem[]): void {
  const [on] = useSingleKeysSwitch();
  useHotkeys(on ? keys : []);
}
