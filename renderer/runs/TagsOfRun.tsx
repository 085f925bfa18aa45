import type { RunRecord } from '../../common/records.ts';
import { Tag } from '../ui/Tag.tsx';
import styles from './Runs.module.css';

const mostShown = 3;

/** The first tags, and how many more there are. */
export function TagsOfRun({ run: { tags } }: { run: RunRecord }) {
  const more = tags.slice(mostShown);
  return (
    <>
      {tags.slice(0, mostShown).map((tag) => (
        <Tag key={tag} color="gray">
          {tag}
        </Tag>
      ))}
      {more.length > 0 && (
        <span className={styles.small} title={more.join(', ')}>
          +{more.length}
        </span>
      )}
    </>
  );
}
