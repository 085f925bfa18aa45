import { AppShell, Burger, Group } from '@mantine/core';
import { type HotkeyItem, useDisclosure, useHotkeys } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useActiveRuns } from '../api/RunsProvider.tsx';
import { useAlarmToasts } from '../runs/use-alarm-toasts.ts';
import { CommandPalette } from './CommandPalette.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { useContrastMark } from './contrast.ts';
import { keepPage } from './last-page.ts';
import { Mark } from './Mark.tsx';
import { Navigation } from './Navigation.tsx';
import { pages } from './pages.ts';
import { progressOf } from './progress.ts';
import { ShortcutsHelp } from './ShortcutsHelp.tsx';
import { useSingleKeys } from './single-keys.ts';

/** The frame of every page: navigation at the side, the page, what is said when the connection is lost. */
export function Shell({ children }: { children: ReactNode }) {
  const [location, navigate] = useLocation();
  const [menuOpen, menu] = useDisclosure(false);
  const [helpOpen, help] = useDisclosure(false);
  const active = useActiveRuns()[0];
  const progress = active ? progressOf(active) : null;
  useAlarmToasts();
  useContrastMark();
  useEffect(() => keepPage(location), [location]);

  useHotkeys([
    ['mod+N', () => navigate('/launch')],
    ['mod+F', focusSearch, { preventDefault: false }],
    ['mod+comma', () => navigate('/system')],
  ]);
  useSingleKeys([
    ...pages.map(({ path, key }): HotkeyItem => [key, () => navigate(path)]),
    ['/', focusSearch],
    ['shift+?', help.open],
    ['?', help.open], // on keyboards that need no Shift for it
  ]);

  const percent = progress === null ? null : Math.floor(progress * 100);
  useEffect(() => {
    document.title = percent === null ? 'Contrast Studio' : `${percent} % · ${active?.name} · Contrast Studio`;
  }, [percent, active?.name]);

  // A new page starts at its top, for eyes and for screen readers.
  const main = useRef<HTMLElement>(null);
  const page = location.split('/').slice(0, 3).join('/');
  const shownPage = useRef(page);
  useEffect(() => {
    if (shownPage.current === page) return;
    shownPage.current = page;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [page]);

  return (
    <AppShell
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      header={{ height: { base: 52, sm: 0 } }}
      transitionDuration={0}
    >
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <AppShell.Header hiddenFrom="sm" px="md">
        <Group h="100%" justify="space-between">
          <Mark />
          <Burger opened={menuOpen} onClick={menu.toggle} size="sm" aria-label="Menu" aria-expanded={menuOpen} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main">
        <Navigation onNavigate={menu.close} onHelp={help.open} />
      </AppShell.Navbar>
      <AppShell.Main ref={main} id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <ConnectionBanner />
        <div className="page">{children}</div>
      </AppShell.Main>
      <CommandPalette onHelp={help.open} />
      <ShortcutsHelp opened={helpOpen} onClose={help.close} />
    </AppShell>
  );
}

function focusSearch(event: KeyboardEvent) {
  const search = document.querySelector<HTMLInputElement>('[data-search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}
