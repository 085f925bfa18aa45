import type { ComponentProps } from 'react';
import styles from './Row.module.css';

/** A small button in a row, which itself opens by a click and has keys of its own: neither reaches it. */
export function RowButton({ className, onClick, onKeyDown, ...props }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      className={className ? `${styles.button} ${className}` : styles.button}
      onClick={(event) => {
        event.stopPropagation();
        onClick?.(event);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        onKeyDown?.(event);
      }}
      {...props}
    />
  );
}
