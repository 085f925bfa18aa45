import { Loader, Textarea, VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Check } from 'lucide-react';
import { useState } from 'react';
import type { RunRecord } from '../../common/records.ts';
import { shownError } from '../api/errors.ts';
import { useMarkRuns } from '../runs/use-mark-runs.ts';

const pauseMs = 600;

/** Saves itself whenever the typing pauses, and when the field or the page is left. */
export function RunNote({ run }: { run: RunRecord }) {
  const mark = useMarkRuns();
  const [draft, setDraft] = useState<string | null>(null);

  const keep = (note: string) =>
    mark.mutate(
      { ids: [run.id], note },
      // What was typed since then is still to be saved.
      { onSuccess: () => setDraft((now) => (now === note ? null : now)) },
    );
  const keepSoon = useDebouncedCallback(keep, { delay: pauseMs, flushOnUnmount: true });

  function leave() {
    if (keepSoon.isPending()) keepSoon.flush();
    else if (mark.isError && draft !== null) keep(draft);
  }

  return (
    <Textarea
      aria-label="Note"
      placeholder="Note: what was this run for, and what came of it?"
      autosize
      minRows={1}
      maxRows={8}
      maxLength={20_000}
      value={draft ?? run.note}
      error={mark.isError && `${shownError(mark.error).message} It is tried again when you leave the field.`}
      rightSection={<Saving pending={mark.isPending} saved={mark.isSuccess && draft === null} />}
      onChange={({ currentTarget }) => {
        setDraft(currentTarget.value);
        keepSoon(currentTarget.value);
      }}
      onBlur={leave}
    />
  );
}

function Saving({ pending, saved }: { pending: boolean; saved: boolean }) {
  return (
    <>
      {pending ? <Loader size={14} aria-hidden /> : saved && <Check size={15} aria-hidden />}
      <VisuallyHidden role="status">{saved ? 'Note saved' : ''}</VisuallyHidden>
    </>
  );
}
