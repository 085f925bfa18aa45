import { Alert, Button, Group, Loader, Progress, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, RotateCw, TriangleAlert } from 'lucide-react';
import type { DoctorCheck, SystemInfo } from '../../common/system.ts';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { Facts } from '../ui/Facts.tsx';
import { formatBytes } from '../ui/format.ts';
import { PageHeader } from '../ui/PageHeader.tsx';
import styles from './SystemPage.module.css';

const refreshMs = 10_000;

/** The machine that training runs on: what it trains with, why not with something better, and whether all is well. */
export function SystemPage() {
  const trpc = useTRPC();
  const info = useQuery(trpc.system.info.queryOptions(undefined, { refetchInterval: refreshMs }));
  return (
    <>
      <PageHeader title="System" subtitle="The machine that the studio runs on." />
      {info.error && (
        <ErrorNotice title="The system could not be looked at" error={info.error} onRetry={info.refetch} />
      )}
      {info.isPending && <Skeleton height={320} aria-label="Loading" />}
      {info.data && (
        <div className={styles.columns}>
          <Stack gap="lg">
            <Backend info={info.data} />
            <Doctor />
          </Stack>
          <Stack gap="lg">
            <Machine info={info.data} />
            <Versions info={info.data} />
          </Stack>
        </div>
      )}
    </>
  );
}

const backendTitles = {
  native: 'Native TensorFlow',
  wasm: 'WebAssembly',
  none: 'Not set up',
};

function Backend({ info: { backend } }: { info: SystemInfo }) {
  return (
    <section>
      <Title order={2} mb="xs">
        Backend
      </Title>
      <Facts
        facts={[
          { label: 'Trains with', value: <b style={{ fontWeight: 600 }}>{backendTitles[backend.name ?? 'none']}</b> },
          { label: 'Devices', value: backend.devices.length > 0 ? backend.devices.join(', ') : 'none' },
          { label: 'TensorFlow', value: backend.tensorflow ?? '–' },
        ]}
      />
      {backend.reason && (
        <Alert
          mt="sm"
          color={backend.name === 'native' ? 'indigo' : 'yellow'}
          icon={<TriangleAlert size={17} />}
          p="sm"
        >
          <Text fz="sm">{backend.reason}</Text>
          {backend.cure && (
            <Text fz="sm" mt={4}>
              {backend.cure}
            </Text>
          )}
        </Alert>
      )}
    </section>
  );
}

function Machine({ info }: { info: SystemInfo }) {
  return (
    <section>
      <Title order={2} mb="xs">
        Machine
      </Title>
      <Facts
        facts={[
          { label: 'Host', value: info.hostname },
          { label: 'Processor', value: `${info.cpu.model}, ${info.cpu.cores} cores` },
          { label: 'Memory', value: <Usage label="Memory" {...info.memory} /> },
          { label: 'Disk', value: <Usage label="Disk" {...info.disk} /> },
          { label: 'System', value: `${info.platform} ${info.architecture}` },
          { label: 'Workspace', value: info.workspace, mono: true },
        ]}
      />
    </section>
  );
}

/** Above this share in use the bar warns; the words say the same. */
const nearlyFull = 0.9;

function Usage({ label, totalBytes, freeBytes }: { label: string; totalBytes: number; freeBytes: number }) {
  const used = totalBytes > 0 ? (totalBytes - freeBytes) / totalBytes : 0;
  return (
    <div>
      {formatBytes(freeBytes)} free of {formatBytes(totalBytes)}
      <Progress
        mt={5}
        size={4}
        value={used * 100}
        color={used > nearlyFull ? 'red' : 'indigo'}
        aria-label={`${label} in use`}
      />
    </div>
  );
}

function Versions({ info: { version, versions } }: { info: SystemInfo }) {
  return (
    <section>
      <Title order={2} mb="xs">
        Versions
      </Title>
      <Facts
        facts={[
          { label: 'Contrast Studio', value: version },
          { label: 'Node', value: versions.node },
          ...(versions.electron ? [{ label: 'Electron', value: versions.electron }] : []),
          ...Object.entries(versions.packages).map(([label, value]) => ({ label, value })),
        ]}
      />
    </section>
  );
}

function Doctor() {
  const trpc = useTRPC();
  const { data, error, isFetching, refetch } = useQuery(
    trpc.system.doctor.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }),
  );
  return (
    <section aria-label="Checks">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Checks</Title>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={isFetching ? <Loader size={12} /> : <RotateCw size={13} />}
          disabled={isFetching}
          onClick={() => refetch()}
        >
          Check again
        </Button>
      </Group>
      {error ? (
        <ErrorNotice title="The checks could not be run" error={error} />
      ) : (
        <ul className={`surface ${styles.checks}`} aria-busy={isFetching}>
          {data?.map((check) => (
            <Check key={check.name} check={check} />
          ))}
          {!data && (
            <li>
              <span />
              <Text fz="sm" className="quiet">
                Checking …
              </Text>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

const levelLooks = {
  ok: { icon: CircleCheck, color: 'var(--mantine-color-teal-6)', word: 'Fine' },
  warning: { icon: TriangleAlert, color: 'var(--mantine-color-yellow-7)', word: 'Warning' },
  error: { icon: CircleX, color: 'var(--mantine-color-red-6)', word: 'Error' },
};

function Check({ check }: { check: DoctorCheck }) {
  const { icon: Icon, color, word } = levelLooks[check.level];
  return (
    <li>
      <Icon size={16} color={color} role="img" aria-label={word} />
      <div>
        <Text fz="sm">
          <b style={{ fontWeight: 500 }}>{check.name}</b> <span className="quiet">{check.message}</span>
        </Text>
        {check.cure && <Text fz="sm">{check.cure}</Text>}
      </div>
    </li>
  );
}
