import { Button, Group, Stack, TextInput } from '@mantine/core';
import { shownError } from '../api/errors.ts';

interface NameFormProps {
  name: string;
  /** Why it could not be saved under this name. */
  error: unknown;
  saving: boolean;
  onName: (name: string) => void;
  onSave: () => void;
  onCancel: () => void;
}

/** What is asked before something is kept under a name. */
export function NameForm({ name, error, saving, onName, onSave, onCancel }: NameFormProps) {
  const problem = error ? shownError(error) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={name}
          error={problem && `${problem.message} ${problem.cure ?? ''}`}
          onChange={({ currentTarget }) => onName(currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={saving}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
