import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Field } from '../../common/fields.ts';
import { CheckpointPicker } from './CheckpointPicker.tsx';
import { FolderPicker } from './FolderPicker.tsx';

interface PathButtonProps {
  field: Field;
  value: string;
  onPick: (path: string) => void;
}

/** Opens the picker that fits the field. */
export function PathButton({ field, value, onPick }: PathButtonProps) {
  const [opened, picker] = useDisclosure(false);
  const Picker = field.control === 'folder' ? FolderPicker : CheckpointPicker;
  return (
    <>
      <Button size="compact-xs" variant="default" mr={8} onClick={picker.open} aria-label={`Choose: ${field.label}`}>
        Choose …
      </Button>
      {opened && (
        <Picker
          title={field.label}
          value={value}
          onClose={picker.close}
          onPick={(path) => {
            onPick(path);
            picker.close();
          }}
        />
      )}
    </>
  );
}
