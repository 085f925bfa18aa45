import { Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { formatCount } from '../../ui/format.ts';

interface ImageFilterProps<Which extends string> {
  choices: { value: Which; label: string }[];
  which: Which;
  onWhich: (which: Which) => void;
  search: string;
  onSearch: (search: string) => void;
  /** Images that fit. */
  found: number;
}

/** Which images of a wall are shown, and how many there are. */
export function ImageFilter<Which extends string>(props: ImageFilterProps<Which>) {
  const { choices, which, onWhich, search, onSearch, found } = props;
  return (
    <Group gap="sm" mb="sm">
      <SegmentedControl size="xs" aria-label="Which images" value={which} onChange={onWhich} data={choices} />
      <TextInput
        size="xs"
        w={240}
        aria-label="Search images"
        placeholder="Class or path"
        leftSection={<Search size={14} />}
        value={search}
        onChange={({ currentTarget }) => onSearch(currentTarget.value)}
      />
      <Text fz="xs" className="quiet numbers" role="status">
        {formatCount(found)} images
      </Text>
    </Group>
  );
}

/** Whether a path or its class has each of the words in it. */
export function hasWords(search: string, path: string, className: string | undefined): boolean {
  const text = `${path} ${className}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
