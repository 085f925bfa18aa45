import { ColorSwatch, Popover, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { shownRunColour } from '../../common/charts/run-styles.ts';
import type { RunRecord } from '../../common/records.ts';
import { ColourChoice } from './ColourChoice.tsx';
import { useColourRuns } from './use-colour-runs.ts';

interface RunColourProps {
  run: RunRecord;
  /** What it has here while it was given none. */
  otherwise?: string | undefined;
  /** It is to have none here either. */
  onReset?: () => void;
}

/** The run's colour; a click gives it another one, in every view and export. */
export function RunColour({ run, otherwise, onReset }: RunColourProps) {
  const scheme = useComputedColorScheme('light');
  const [opened, { toggle, close }] = useDisclosure(false);
  const colourRuns = useColourRuns();
  const given = run.colour ?? otherwise ?? null;
  return (
    <Popover opened={opened} onDismiss={close} position="bottom-start" withinPortal withArrow trapFocus>
      <Popover.Target>
        <UnstyledButton
          aria-expanded={opened}
          aria-label={`Colour of ${run.name}`}
          title="Colour"
          p={6}
          lh={0}
          onClick={(event) => {
            event.stopPropagation();
            toggle();
          }}
          onKeyDown={(event) => event.stopPropagation()}
        >
          <ColorSwatch
            color={shownRunColour({ id: run.id, colour: given }, scheme)}
            size={12}
            withShadow={false}
            component="span"
          />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        <ColourChoice
          given={given}
          resettable={given !== null}
          onGive={(colour) => {
            if (colour === null) onReset?.();
            colourRuns([run], colour);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
