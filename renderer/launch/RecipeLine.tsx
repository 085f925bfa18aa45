import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './RecipesPage.module.css';

/** One thing to know about a recipe, on its card. */
export function RecipeLine({ icon, label, text }: { icon: ReactNode; label: string; text: string }) {
  return (
    <div className={styles.line}>
      {icon}
      <Text fz={12}>
        <b>{label}</b> <span className="quiet">{text}</span>
      </Text>
    </div>
  );
}
