import { Button, ColorInput, ColorSwatch, Group, Popover, Stack, useComputedColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ComponentProps, useEffect, useState } from 'react';
import type { RunRecord } from '../../common/records.ts';
import { curveColours, runColour } from '../charts/palette.ts';
import { RowButton } from '../ui/RowButton.tsx';
import styles from './Runs.module.css';

interface RunColourProps {
  run: RunRecord;
  /** Given by hand in this view. */
  chosen: string | undefined;
  onChoose: (colour: string | undefined) => void;
}

/** The run's colour, the same in every view; a click gives it another in this one. */
export function RunColour(props: RunColourProps) {
  // Of the choices of a long table hardly any is ever opened.
  const [used, setUsed] = useState(false);
  return used ? <ChooseColour {...props} /> : <Dot {...props} aria-expanded={false} onClick={() => setUsed(true)} />;
}

function Dot({ run, chosen, onChoose: _, ...props }: RunColourProps & ComponentProps<'button'>) {
  const own = `light-dark(${runColour(run.id, 'light')}, ${runColour(run.id, 'dark')})`;
  return (
    <RowButton {...props} className={styles.dot} aria-label={`Colour of ${run.name}`} title="Colour">
      <span style={{ background: chosen ?? own }} />
    </RowButton>
  );
}

function ChooseColour(props: RunColourProps) {
  const { chosen, onChoose } = props;
  const scheme = useComputedColorScheme('light');
  const [opened, { toggle, close, open }] = useDisclosure(false);
  // One step after its button has come and has the focus.
  useEffect(open, []);
  return (
    <Popover opened={opened} onDismiss={close} position="bottom-start" withinPortal withArrow trapFocus returnFocus>
      <Popover.Target>
        <Dot {...props} autoFocus aria-expanded={opened} onClick={toggle} />
      </Popover.Target>
      <Popover.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        <Stack gap="xs" w={190}>
          <Group gap={8}>
            {curveColours(scheme).map((offered) => (
              <ColorSwatch
                key={offered}
                component="button"
                type="button"
                color={offered}
                size={26}
                aria-label={offered}
                aria-pressed={offered === chosen}
                onClick={() => onChoose(offered)}
              />
            ))}
          </Group>
          <ColorInput
            size="xs"
            aria-label="Another colour"
            format="hex"
            withPicker={false}
            value={chosen ?? ''}
            placeholder="#rrggbb"
            onChangeEnd={(next) => /^#[0-9a-f]{6}$/i.test(next) && onChoose(next)}
          />
          <Button size="compact-xs" variant="default" disabled={!chosen} onClick={() => onChoose(undefined)}>
            Its own colour
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
