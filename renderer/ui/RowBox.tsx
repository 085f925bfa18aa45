import type { SyntheticEvent } from 'react';
import styles from './Row.module.css';

interface RowBoxProps {
  label: string;
  checked: boolean;
  /** Some of what it stands for is chosen, not all. */
  partly?: boolean;
  onChange: (checked: boolean) => void;
}

/** The box that chooses a row, which itself opens by a click and has keys of its own: neither reaches it. */
export function RowBox({ label, checked, partly = false, onChange }: RowBoxProps) {
  return (
    <input
      ref={(box) => {
        if (box) box.indeterminate = partly;
      }}
      type="checkbox"
      className={styles.box}
      aria-label={label}
      checked={checked}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      onClick={stay}
      onKeyDown={stay}
    />
  );
}

function stay(event: SyntheticEvent) {
  event.stopPropagation();
}
