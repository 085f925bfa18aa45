import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** A glance at another tab is no reason to cut the connection. */
const graceMs = 15_000;

/**
 * False once the page has been out of sight for a while. Browsers allow six connections to a host over HTTP/1, and
 * each subscription holds one: pages in the background give theirs back, and go on where they were when seen again.
 */
export function useVisible(): boolean {
  const state = useDocumentVisibility();
  const [visible, setVisible] = useState(true);
  useEffect(() => {
    if (state === 'visible') {
      setVisible(true);
      return;
    }
    const timer = setTimeout(() => setVisible(false), graceMs);
    return () => clearTimeout(timer);
  }, [state]);
  return visible;
}
