import type { ReactNode } from 'react';
import styles from './Tag.module.css';

export type TagColor = 'gray' | 'indigo' | 'yellow' | 'orange' | 'teal' | 'red';

interface TagProps {
  color: TagColor;
  icon?: ReactNode;
  children: ReactNode;
}

/** A word about a thing, on a quiet ground. */
export function Tag({ color, icon, children }: TagProps) {
  return (
    <span className={styles.tag} data-color={color}>
      {icon && <span className={styles.icon}>{icon}</span>}
      <span className={styles.word}>{children}</span>
    </span>
  );
}
