import { CopyButton, Tooltip, UnstyledButton } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import styles from './CopyText.module.css';

interface CopyTextProps {
  /** What is copied. */
  text: string;
  /** As much of it as is shown. */
  shown?: string;
  label: string;
}

/** A short text that is copied by a click on it. */
export function CopyText({ text, shown = text, label }: CopyTextProps) {
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${label}`}>
          <UnstyledButton
            className={`mono ${styles.text}`}
            aria-label={copied ? 'Copied' : `Copy ${label} ${shown}`}
            onClick={(event) => {
              // It may lie in a row that opens by a click.
              event.stopPropagation();
              copy();
            }}
            onKeyDown={(event) => event.key === 'Enter' && event.stopPropagation()}
          >
            {shown}
            {copied ? <Check size={12} aria-hidden /> : <Copy size={12} aria-hidden />}
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  );
}
