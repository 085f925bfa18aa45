import { Button, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ConfusionFile } from '../../../common/confusion.ts';
import { formatCount, formatPercent } from '../../ui/format.ts';
import { classRows } from './classes.ts';
import styles from './Results.module.css';

interface ClassBarsProps {
  file: ConfusionFile;
  baseline: ConfusionFile | undefined;
  baselineName: string | undefined;
}

const few = 20;

/** Accuracy of each class, the worst first; beside a baseline, the class that lost most first. */
export function ClassBars({ file, baseline, baselineName }: ClassBarsProps) {
  const [all, setAll] = useState(false);
  const rows = useMemo(() => classRows(file, baseline), [file, baseline]);
  const shown = all ? rows : rows.slice(0, few);
  return (
    <section data-result="classes">
      <Title order={2} mb="xs">
        Classes
      </Title>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <div className={`surface ${styles.scroller}`} tabIndex={0}>
        <table className={styles.bars}>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">
                <span className={styles.wide}>Accuracy</span>
              </th>
              <th scope="col" data-number>
                %
              </th>
              {baseline && (
                <th scope="col" data-number title={baselineName}>
                  Drop
                </th>
              )}
              <th scope="col" data-number>
                Images
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, accuracy, images, drop, baseline: other }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <div className={styles.bar} aria-hidden>
                    <div className={styles.fill} style={{ width: `${accuracy}%` }} />
                    {other !== null && <div className={styles.tick} style={{ left: `${other}%` }} />}
                  </div>
                </td>
                <td data-number>{formatPercent(accuracy)}</td>
                {baseline && <td data-number>{drop === null ? '–' : signed(drop)}</td>}
                <td data-number>{formatCount(images)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text fz="xs" className="quiet numbers" mt={6}>
        {baseline
          ? `The marks are ${baselineName}. The drop is in percentage points: minus means better than there.`
          : 'The worst first.'}
      </Text>
      {rows.length > few && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => setAll(!all)}>
          {all ? `Only ${few}` : `All ${formatCount(rows.length)} classes`}
        </Button>
      )}
    </section>
  );
}

function signed(value: number): string {
  return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;
}
