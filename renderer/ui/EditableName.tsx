import { ActionIcon, Group, TextInput, Title, Tooltip } from '@mantine/core';
import { Pencil } from 'lucide-react';
import { useState } from 'react';

interface EditableNameProps {
  name: string;
  /** What a screen reader says of the field: "Name of the run". */
  label: string;
  editable?: boolean;
  onRename: (name: string) => void;
}

/** The name of a thing as the page's title, changed in place: Enter keeps it, Escape does not. */
export function EditableName({ name, label, editable = true, onRename }: EditableNameProps) {
  const [draft, setDraft] = useState<string | null>(null);

  function keep() {
    const next = draft?.trim();
    if (next && next !== name) onRename(next);
    setDraft(null);
  }

  if (draft !== null) {
    return (
      <TextInput
        aria-label={label}
        value={draft}
        maxLength={200}
        w={360}
        autoFocus
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setDraft(null);
        }}
      />
    );
  }
  return (
    <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
      <Title order={1} style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
        {name}
      </Title>
      {editable && (
        <Tooltip label="Rename">
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Rename" onClick={() => setDraft(name)}>
            <Pencil size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
