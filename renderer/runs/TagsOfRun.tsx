import { Text } from '@mantine/core';
import type { RunRecord } from '../../common/records.ts';
import { Tag } from '../ui/Tag.tsx';

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
        <Text fz={12} className="quiet" title={more.join(', ')}>
          +{more.length}
        </Text>
      )}
    </>
  );
}
