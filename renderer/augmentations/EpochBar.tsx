import { ActionIcon, Button, Group, Kbd, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { ChevronLeft, Images, RefreshCw } from 'lucide-react';
import { useSingleKeys } from '../ui/single-keys.ts';

interface EpochBarProps {
  epoch: number;
  onEpoch: (epoch: number) => void;
  images: number;
  onImages: (images: number) => void;
  onOthers: () => void;
  /** There are no others. */
  single: boolean;
  /** What is said beside it. */
  note: string;
}

const imageCounts = [3, 6, 12];

/** Which draw of the views is shown, and of how many images. */
export function EpochBar({ epoch, onEpoch, images, onImages, onOthers, single, note }: EpochBarProps) {
  const back = () => epoch > 0 && onEpoch(epoch - 1);
  const again = () => onEpoch(epoch + 1);
  const others = () => !single && onOthers();
  useSingleKeys([
    ['A', again],
    ['B', back],
    ['O', others],
  ]);
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="xs">
        <Tooltip label="The epoch before (B)">
          <ActionIcon variant="default" size={30} onClick={back} disabled={epoch === 0} aria-label="Epoch before">
            <ChevronLeft size={16} />
          </ActionIcon>
        </Tooltip>
        <Text fz="sm" fw={500} className="numbers" miw={72} ta="center" aria-live="polite">
          Epoch {epoch}
        </Text>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<RefreshCw size={14} />}
          rightSection={<Kbd size="xs">A</Kbd>}
          onClick={again}
        >
          Again
        </Button>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<Images size={14} />}
          rightSection={<Kbd size="xs">O</Kbd>}
          onClick={others}
          disabled={single}
        >
          Other images
        </Button>
        <Text fz="xs" className="quiet numbers">
          {note}
        </Text>
      </Group>
      <SegmentedControl
        size="xs"
        data={imageCounts.map((count) => ({ value: String(count), label: `${count} images` }))}
        value={String(images)}
        onChange={(value) => onImages(Number(value))}
        disabled={single}
      />
    </Group>
  );
}
