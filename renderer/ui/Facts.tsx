import type { ReactNode } from 'react';
import styles from './Facts.module.css';

export interface Fact {
  label: string;
  value: ReactNode;
  mono?: boolean;
}

/** Things that are so, by name. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={`surface ${styles.facts}`}>
      {facts.map(({ label, value, mono }) => (
        <div key={label} className={styles.fact}>
          <dt>{label}</dt>
          <dd className={mono ? 'mono' : 'numbers'}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
