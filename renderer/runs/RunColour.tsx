import { Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ComponentProps, useEffect, useState } from 'react';
import { shownRunColour } from '../../common/charts/run-styles.ts';
import type { RunRecord } from '../../common/records.ts';
import { RowButton } from '../ui/RowButton.tsx';
import { ColourChoice } from './ColourChoice.tsx';
import styles from './Runs.module.css';
import { useColourRuns } from './use-colour-runs.ts';

interface RunColourProps {
  run: RunRecord;
  /** What it has here while it was given none. */
  otherwise?: string | undefined;
  /** It is to have none here either. */
  onReset?: () => void;
}

/** The run's colour; a click gives it another one, in every view and export. */
export function RunColour(props: RunColourProps) {
  // Of the choices of a long table hardly any is ever opened.
  const [used, setUsed] = useState(false);
  if (used) return <ChooseColour {...props} />;
  return <Dot run={props.run} given={givenTo(props)} aria-expanded={false} onClick={() => setUsed(true)} />;
}

function givenTo({ run, otherwise }: RunColourProps): string | null {
  return run.colour ?? otherwise ?? null;
}

function Dot({ run, given, ...props }: { run: RunRecord; given: string | null } & ComponentProps<'button'>) {
  const shown = { id: run.id, colour: given };
  const colour = `light-dark(${shownRunColour(shown, 'light')}, ${shownRunColour(shown, 'dark')})`;
  return (
    <RowButton {...props} className={styles.dot} aria-label={`Colour of ${run.name}`} title="Colour">
      <span style={{ background: colour }} />
    </RowButton>
  );
}

function ChooseColour(props: RunColourProps) {
  const given = givenTo(props);
  const colourRuns = useColourRuns();
  const [opened, { toggle, close, open }] = useDisclosure(false);
  // One step after its button has come and has the focus.
  useEffect(open, []);
  return (
    <Popover opened={opened} onDismiss={close} position="bottom-start" withinPortal withArrow trapFocus returnFocus>
      <Popover.Target>
        <Dot run={props.run} given={given} autoFocus aria-expanded={opened} onClick={toggle} />
      </Popover.Target>
      <Popover.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        <ColourChoice
          given={given}
          resettable={given !== null}
          onGive={(colour) => {
            if (colour === null) props.onReset?.();
            colourRuns([props.run], colour);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
