import { Portal, Text } from '@mantine/core';
import { FileDown } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './DropOverlay.module.css';

/** Covers the page while a file hovers over it. */
export function DropOverlay({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Portal>
      <div className={styles.overlay}>
        <div className={styles.target}>
          <FileDown size={30} strokeWidth={1.6} aria-hidden />
          <Text fw={500} fz="lg">
            {title}
          </Text>
          <Text fz="sm" className="quiet">
            {children}
          </Text>
        </div>
      </div>
    </Portal>
  );
}
