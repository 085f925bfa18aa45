import { Button, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { WandSparkles } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { JobKind } from '../../common/jobs/index.ts';
import { childName, originOf } from '../../common/run-names.ts';
import { previewKinds } from '../../common/views-preview.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { useActiveRuns, useRuns } from '../api/RunsProvider.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { ConfigFields } from './ConfigFields.tsx';
import { DemoNotice } from './DemoNotice.tsx';
import { keepDraft } from './draft.ts';
import { type Config, withValue } from './form-values.ts';
import styles from './LaunchForm.module.css';
import { LaunchPanel } from './LaunchPanel.tsx';
import { SweepSection } from './SweepSection.tsx';
import { useCheck } from './use-check.ts';
import { useDemoData } from './use-demo-data.ts';
import { type Measured, useSweep, type Varied } from './use-sweep.ts';

interface LaunchFormProps {
  kind: JobKind;
  title: string;
  subtitle?: ReactNode;
  initialConfig: Config;
  initialName: string;
  recipe?: string;
  /** The run that this one is made from. */
  parent?: string;
  /** Trains on the demo data, which is made first where it is missing. */
  demo?: boolean;
  /** What is varied already. */
  initialSweep?: Varied;
}

/** Everything between a choice and a started run. */
export function LaunchForm({
  kind,
  title,
  subtitle,
  initialConfig,
  initialName,
  recipe,
  parent,
  demo = false,
  initialSweep,
}: LaunchFormProps) {
  const trpc = useTRPC();
  const [, navigate] = useLocation();
  const active = useActiveRuns();
  const [typed, setTyped] = useState<Config>(initialConfig);
  const [name, setName] = useState(initialName);
  const startWhenMade = useRef(false);

  const demoData = useDemoData(demo, (folder) => {
    if (startWhenMade.current) launch.mutate(request({ ...typed, data: folder }));
  });
  const onDemoData = demo && !typed.data;
  const demoMissing = onDemoData && demoData.folder === null;
  // The same object until something changes: the check waits for quiet by it.
  const demoFolder = onDemoData ? demoData.folder : null;
  const config = useMemo(() => (demoFolder ? { ...typed, data: demoFolder } : typed), [typed, demoFolder]);
  const { check, checking, error: checkError } = useCheck(kind, config);
  const [measured, setMeasured] = useState<Measured>();
  const given = { name: name.trim() || undefined, recipe, parent };
  const sweep = useSweep(kind, config, { ...given, measured }, initialSweep);
  const origin = useRuns().runs.find(({ id }) => id === parent);
  const suggestedName =
    origin &&
    (sweep.active ? originOf(origin.name) : origin.kind === kind && childName(origin, check?.config ?? config));
  const varied = new Set(sweep.variations.map(({ field }) => field));
  // The one thing missing is about to be made, or was found only now and is being checked. Of a setting that is varied
  // the plan says what is wrong with its values.
  const issues = (check?.issues ?? []).filter(
    ({ field }) =>
      !(field === 'data' && onDemoData && (demoMissing || checking)) && !(field !== null && varied.has(field)),
  );
  const errors = issues.filter(({ level }) => level === 'error');

  const request = (launched: Config) => ({ kind, config: launched, ...given });
  const launch = useMutation(
    trpc.runs.launch.mutationOptions({
      onSuccess: (run) => {
        if (active.length > 0) {
          notifications.show({ title: 'Queued', message: `${run.name} starts when ${active[0]?.name} has ended.` });
        }
        navigate(`/runs/${run.id}`);
      },
      onError: (error) => showError('The run could not be started', error),
    }),
  );
  const launchSweep = useMutation(
    trpc.sweeps.launch.mutationOptions({
      onSuccess: ({ sweep, runs }) => {
        notifications.show({ title: `${runs.length} runs queued`, message: `Find them by: sweep = ${sweep}` });
        navigate('/queue');
      },
      onError: (error) => showError('The sweep could not be queued', error),
    }),
  );
  const starting = launch.isPending || launchSweep.isPending || (demoData.making.running && startWhenMade.current);
  const possible = sweep.active ? sweep.ready : errors.length === 0;
  const startable = possible && !starting && !(demo && demoData.loading);

  function start() {
    if (!startable) return;
    if (sweep.active) return launchSweep.mutate({ ...sweep.request, confirmed: sweep.confirmed });
    if (!demoMissing) return launch.mutate(request(config));
    startWhenMade.current = true;
    if (!demoData.making.running) demoData.make();
  }
  useHotkeys([['mod+Enter', start]], []);

  return (
    <>
      <PageHeader title={title} subtitle={subtitle}>
        {previewKinds.some((one) => one === kind) && (
          <Button
            variant="default"
            leftSection={<WandSparkles size={15} />}
            onClick={() => {
              keepDraft({ kind, config, name, recipe, parent, demo, variations: sweep.variations, seeds: sweep.seeds });
              navigate('/augmentations');
            }}
          >
            Try the views
          </Button>
        )}
      </PageHeader>
      <form
        className={styles.columns}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Stack gap="md" style={{ minWidth: 0 }}>
          {demo && <DemoNotice data={demoData} chosen={!onDemoData} onCancel={() => (startWhenMade.current = false)} />}
          <ConfigFields
            kind={kind}
            config={config}
            placeholders={demoMissing ? { data: 'the demo data' } : {}}
            issues={issues}
            onChange={(key, value) => setTyped((before) => withValue(before, key, value))}
            onFix={(fix) => setTyped((before) => ({ ...before, ...fix }))}
            sweep={sweep}
          />
          <SweepSection kind={kind} sweep={sweep} />
        </Stack>
        <LaunchPanel
          kind={kind}
          config={config}
          name={name}
          onName={setName}
          suggestedName={suggestedName || undefined}
          sweep={sweep.active ? sweep : null}
          onMeasured={setMeasured}
          check={check}
          checking={checking}
          checkError={checkError}
          issues={issues}
          onFix={(fix) => setTyped((before) => ({ ...before, ...fix }))}
          starting={starting}
          startable={startable}
          dataMissing={demoMissing}
          waitsFor={active[0]?.name}
        />
      </form>
    </>
  );
}
