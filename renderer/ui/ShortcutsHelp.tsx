import { Group, Kbd, Modal, Switch, Table, Text } from '@mantine/core';
import { pages } from './pages.ts';
import { useSingleKeysSwitch } from './single-keys.ts';

type Shortcut = [keys: string[][], what: string];

const shortcuts: Shortcut[] = [
  [[['Ctrl', 'K']], 'Any page, run, checkpoint or command by its name'],
  [[['N'], ['Ctrl', 'N']], 'New run'],
  [[['Ctrl', 'Enter']], 'Start the run that the form describes'],
  ...pages.filter(({ path }) => path !== '/launch').map(({ key, label }): Shortcut => [[[key]], label]),
  [[['A'], ['B']], 'In the lab: the next epoch, the one before'],
  [[['O']], 'In the lab: other images'],
  [[['/']], 'Search'],
  [[['↑'], ['↓'], ['K'], ['J']], 'Move through the rows'],
  [[['Enter']], 'Open the row'],
  [[['Space']], 'Select the row, to compare it'],
  [[['Shift', 'C']], 'Compare the selected rows'],
  [
    [
      ['Alt', '←'],
      ['Alt', '→'],
    ],
    'Move a column of the results',
  ],
  [
    [
      ['Alt', '↑'],
      ['Alt', '↓'],
    ],
    'Move a run in the queue',
  ],
  [[['Delete']], 'Take the run out of the queue'],
  [[['Ctrl', 'D']], 'Duplicate the run'],
  [[['Esc']], 'Back, or clear the search'],
  [[['?']], 'This list'],
];

export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeysSwitch();
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts">
      <Switch
        label="Keys without Ctrl or Alt"
        description="Switched off, a letter that is typed or spoken by mistake does nothing."
        checked={singleKeys}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        mb="sm"
      />
      <Table verticalSpacing={7}>
        <Table.Tbody>
          {shortcuts.map(([combinations, what]) => (
            <Table.Tr key={what}>
              <Table.Td>
                <Text fz="sm">{what}</Text>
              </Table.Td>
              <Table.Td>
                <Group gap={8} justify="flex-end">
                  {combinations.map((keys) => (
                    <Group gap={3} key={keys.join('+')}>
                      {keys.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </Group>
                  ))}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text fz="xs" className="quiet" mt="sm">
        On a Mac, Cmd takes the place of Ctrl. In a charts area: drag to zoom, double click to see all.
      </Text>
    </Modal>
  );
}
