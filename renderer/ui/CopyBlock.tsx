import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import styles from './CopyBlock.module.css';

/** A command is broken between its flags, not within them. */
const beforeFlags = / (?=--?[a-z])/;

/** Text to be pasted elsewhere, with a button that copies it. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className={styles.block}>
      <pre className={styles.text}>
        {text.split(beforeFlags).map((part) => (
          <span key={part}>{part} </span>
        ))}
      </pre>
      <CopyButton value={text} timeout={1500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              className={styles.button}
              variant="default"
              size="sm"
              onClick={copy}
              aria-label={copied ? 'Copied' : `Copy ${label}`}
            >
              {copied ? <Check size={13} /> : <Copy size={13} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
