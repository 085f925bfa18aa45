import {
  Button,
  ColorInput,
  ColorSwatch,
  Group,
  Popover,
  Stack,
  UnstyledButton,
  useComputedColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { RunRecord } from '../../common/records.ts';
import { curveColours, runColour } from '../charts/palette.ts';

interface RunColourProps {
  run: RunRecord;
  /** Given by hand in this view. */
  chosen: string | undefined;
  onChoose: (colour: string | undefined) => void;
}

/** The run's colour, the same in every view; a click gives it another in this one. */
export function RunColour({ run, chosen, onChoose }: RunColourProps) {
  const scheme = useComputedColorScheme('light');
  const [opened, { toggle, close }] = useDisclosure(false);
  const colour = chosen ?? runColour(run.id, scheme);
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
          <ColorSwatch color={colour} size={12} withShadow={false} component="span" />
        </UnstyledButton>
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
