import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { JobKind } from '../../common/jobs/index.ts';
import { type PreviewKind, previewKinds } from '../../common/views-preview.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { type Draft, keepDraft, readDraft } from '../launch/draft.ts';
import { type Config, withValue } from '../launch/form-values.ts';

export type LabDraft = Draft & { kind: PreviewKind };

export const isPreviewKind = (kind: JobKind): kind is PreviewKind => previewKinds.some((one) => one === kind);

/** Where one begins without a form: the demo's views. */
const beginning = { kind: 'train', recipe: 'demo' } as const;

interface Lab {
  /** Null until its values are there. */
  draft: LabDraft | null;
  error: unknown;
  set(key: string, value: unknown): void;
  change(config: Config): void;
  /** Other settings on the same data: of a recipe, or the defaults of a kind. */
  take(kind: PreviewKind, recipe: string | undefined): Promise<void>;
  /** The settings are those of this recipe now. */
  adopt(recipe: string): void;
}

/** The settings of the lab: those of the form that one came from, else of the demo; they stay until the window is closed. */
export function useLab(): Lab {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<LabDraft | null>(keptDraft);
  const first = useQuery(trpc.launch.defaults.queryOptions(beginning, { enabled: draft === null }));
  const datasets = useQuery(trpc.datasets.list.queryOptions());

  const latest = datasets.data?.find(({ images }) => images)?.path;
  useEffect(() => {
    if (!draft && first.data) setDraft({ ...beginning, name: '', config: first.data });
    if (draft && !draft.config.data && latest) setDraft({ ...draft, config: { ...draft.config, data: latest } });
  }, [draft, first.data, latest]);
  useEffect(() => {
    if (draft) keepDraft(draft);
  }, [draft]);

  const update = (change: (config: Config) => Config) =>
    setDraft((before) => before && { ...before, config: change(before.config) });
  return {
    draft,
    error: draft ? null : first.error,
    set: (key, value) => update((config) => withValue(config, key, value)),
    change: (values) => update((config) => ({ ...config, ...values })),
    adopt: (recipe) => setDraft((before) => before && { ...before, recipe }),
    async take(kind, recipe) {
      try {
        const config = await queryClient.fetchQuery(trpc.launch.defaults.queryOptions({ kind, recipe }));
        setDraft((before) => {
          const data = before?.config.data;
          return { kind, recipe, name: '', config: { ...config, ...(data !== undefined && { data }) } };
        });
      } catch (error) {
        showError('The recipe could not be read', error);
      }
    },
  };
}

function keptDraft(): LabDraft | null {
  const draft = readDraft();
  return draft && isPreviewKind(draft.kind) ? { ...draft, kind: draft.kind } : null;
}
