/** High contrast: as the system asks for it (prefers-contrast: more), or as it was chosen by hand. */
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useEffect } from 'react';

type Choice = 'auto' | 'more' | 'normal';

export function useContrast(): { high: boolean; setHigh: (high: boolean) => void } {
  const [choice, setChoice] = useLocalStorage<Choice>({
    key: 'contrast',
    defaultValue: 'auto',
    getInitialValueInEffect: false,
  });
  const asked = useMediaQuery('(prefers-contrast: more)', false, { getInitialValueInEffect: false });
  return {
    high: choice === 'more' || (choice === 'auto' && asked === true),
    setHigh: (high) => setChoice(high ? 'more' : 'normal'),
  };
}

/** Marks the document, whose colours are chosen by that in global.css. */
export function useContrastMark(): void {
  const { high } = useContrast();
  useEffect(() => {
    document.documentElement.toggleAttribute('data-high-contrast', high);
  }, [high]);
}
