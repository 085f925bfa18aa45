import { Portal, Text } from '@mantine/core';
import { FileDown } from 'lucide-react';
import styles from './DropOverlay.module.css';

/** Covers the page while a file hovers over it. */
export function DropOverlay({ images }: { images: boolean }) {
  return (
    <Portal>
      <div className={styles.overlay}>
        <div className={styles.target}>
          <FileDown size={30} strokeWidth={1.6} aria-hidden />
          <Text fw={500} fz="lg">
            Drop a checkpoint to import it
          </Text>
          <Text fz="sm" className="quiet">
            .pth.tar, .pth, .pt, .safetensors. Nothing is imported before you have seen what is in it.
            {images && ' Or an image, to see its nearest neighbours.'}
          </Text>
        </div>
      </div>
    </Portal>
  );
}
