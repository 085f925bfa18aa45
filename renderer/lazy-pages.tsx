import { Skeleton, Stack } from '@mantine/core';
import { lazy } from 'react';
import { ErrorNotice } from './ui/ErrorNotice.tsx';

type OtherPages = typeof import('./other-pages.ts');

const otherPages = () => import('./other-pages.ts');

/** For browsers that do not tell when they have time, as Safari. */
const withoutIdleMs = 1000;

/** Not before the first page is on the screen; then opening another one waits for nothing. */
export function fetchOtherPages() {
  const fetchThem = () => void otherPages().catch(() => undefined);
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(fetchThem, withoutIdleMs);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(fetchThem, { timeout: 3000 });
  return () => cancelIdleCallback(idle);
}

export function lazyPage<Name extends keyof OtherPages>(name: Name) {
  return lazy(async () => {
    try {
      return { default: (await otherPages())[name] };
    } catch (error) {
      return { default: (() => <NotFetched error={error} />) as OtherPages[Name] };
    }
  });
}

function NotFetched({ error }: { error: unknown }) {
  return (
    <ErrorNotice
      title="The page could not be fetched; the studio may have been updated since"
      error={error}
      onRetry={() => window.location.reload()}
    />
  );
}

export function PageToCome() {
  return (
    <Stack gap="xs" aria-busy aria-label="Loading the page">
      <Skeleton height={32} width={240} radius="sm" />
      <Skeleton height={160} radius="sm" />
    </Stack>
  );
}
