import { Button, ColorInput, ColorSwatch, Group, Stack, useComputedColorScheme } from '@mantine/core';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { inScheme } from '../../common/charts/curve-style.ts';
import { colourNamed, colourNames } from '../../common/run-colours.ts';

interface ColourChoiceProps {
  /** `#rrggbb`; null where nobody gave one, or several differ. */
  given: string | null;
  /** Something was given that can be taken back. */
  resettable: boolean;
  onGive: (colour: string | null) => void;
}

/** The colours of charts, any other by its digits, and the way back. */
export function ColourChoice({ given, resettable, onGive }: ColourChoiceProps) {
  const scheme = useComputedColorScheme('light');
  const [typed, setTyped] = useState(given ?? '');
  const [refused, setRefused] = useState(false);
  /** On its way to be given. */
  const [asked, setAsked] = useState<string | null>(null);
  const [last, setLast] = useState(given);
  // Undone, or given elsewhere: what was typed before is not to be given again.
  if (last !== given) {
    setLast(given);
    setTyped(given ?? '');
    setRefused(false);
    setAsked(null);
  }

  function give(colour: string | null) {
    setTyped(colour ?? '');
    setRefused(false);
    setAsked(colour);
    onGive(colour);
  }

  function takeTyped() {
    if (typed === (asked ?? given ?? '')) return setRefused(false);
    const colour = colourNamed(typed);
    if (colour) give(colour);
    else setRefused(typed !== '');
  }

  return (
    <Stack gap="xs" w={190}>
      <Group gap={8}>
        {colourNames.map((name) => {
          const offered = colourNamed(name)!;
          const chosen = given !== null && inScheme(given, 'light') === offered;
          return (
            <ColorSwatch
              key={name}
              component="button"
              type="button"
              color={inScheme(offered, scheme)}
              size={26}
              aria-label={name}
              aria-pressed={chosen}
              title={name}
              onClick={() => give(offered)}
            >
              {chosen && <Check size={15} strokeWidth={3} color={scheme === 'light' ? '#fff' : '#000'} aria-hidden />}
            </ColorSwatch>
          );
        })}
      </Group>
      <ColorInput
        size="xs"
        aria-label="Another colour"
        format="hex"
        withPicker={false}
        withEyeDropper={false}
        value={typed}
        placeholder="#rrggbb"
        error={refused && `"${typed}" is no colour; write it as #rrggbb.`}
        fixOnBlur={false}
        onChange={setTyped}
        onBlur={takeTyped}
        onKeyDown={({ key }) => key === 'Enter' && takeTyped()}
      />
      <Button size="compact-xs" variant="default" disabled={!resettable} onClick={() => give(null)}>
        Its own colour
      </Button>
    </Stack>
  );
}
