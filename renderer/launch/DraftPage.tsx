import { useState } from 'react';
import { Redirect } from 'wouter';
import { jobs } from '../../common/jobs/index.ts';
import { readDraft } from './draft.ts';
import { LaunchForm } from './LaunchForm.tsx';

/** The form as it was left, with what another page changed in it. */
export function DraftPage() {
  const [draft] = useState(readDraft);
  if (!draft) return <Redirect to="/launch" replace />;
  return (
    <LaunchForm
      kind={draft.kind}
      title={jobs[draft.kind].title}
      subtitle="With the views of the augmentation lab."
      initialConfig={draft.config}
      initialName={draft.name}
      recipe={draft.recipe}
      parent={draft.parent}
      demo={draft.demo}
      initialSweep={{ variations: draft.variations ?? [], seeds: draft.seeds ?? 1 }}
    />
  );
}
