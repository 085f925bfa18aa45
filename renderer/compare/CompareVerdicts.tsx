import { Title } from '@mantine/core';
import type { SeedVerdict } from '../../common/results/seed-pairs.ts';
import styles from './Compare.module.css';

/** What may be said when the other seeds of the same settings are looked at too. */
export function CompareVerdicts({ verdicts }: { verdicts: SeedVerdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <section aria-label="Over all seeds">
      <Title order={2} mb="xs">
        Over all seeds
      </Title>
      <ul className={`surface ${styles.verdicts}`}>
        {verdicts.map(({ runId, column, words }) => (
          <li key={`${runId} ${column.field}`}>
            <b>{column.label}.</b> {words}
          </li>
        ))}
      </ul>
    </section>
  );
}
