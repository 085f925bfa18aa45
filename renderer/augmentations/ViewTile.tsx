import { Tooltip, UnstyledButton } from '@mantine/core';
import styles from './Augmentations.module.css';

interface ViewTileProps {
  label: string;
  /** What was drawn for it. */
  words: string[];
  source: string;
  /** Side of its pixels. */
  size: number;
  /** Of its crop's outline on the image. */
  colour: string | undefined;
  pinned: boolean;
  onLook: (looking: boolean) => void;
  onPin: () => void;
}

/** One view as the net sees it; its parameters at hand by pointer, keyboard and touch. */
export function ViewTile({ label, words, source, size, colour, pinned, onLook, onPin }: ViewTileProps) {
  return (
    <Tooltip
      label={<Lines words={words} />}
      events={{ hover: true, focus: true, touch: false }}
      openDelay={100}
      position="bottom"
    >
      <UnstyledButton
        className={styles.view}
        style={colour ? { borderColor: colour } : undefined}
        aria-label={`${label}. ${words.join('. ')}`}
        aria-pressed={pinned}
        onMouseEnter={() => onLook(true)}
        onMouseLeave={() => onLook(false)}
        onFocus={() => onLook(true)}
        onBlur={() => onLook(false)}
        onClick={onPin}
      >
        <img src={source} alt="" width={size} height={size} className={styles.pixels} draggable={false} />
      </UnstyledButton>
    </Tooltip>
  );
}

export function Lines({ words }: { words: string[] }) {
  return (
    <ol className={styles.words}>
      {words.map((word) => (
        <li key={word}>{word}</li>
      ))}
    </ol>
  );
}
