import { useState } from 'react';

/** Which images of a wall are shown and on which page: another choice begins at the first. */
export function useFilteredPages<Which extends string>(first: Which) {
  const [which, setWhich] = useState(first);
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  return {
    which,
    search,
    page,
    setPage,
    onWhich: (next: Which) => {
      setWhich(next);
      setPage(0);
    },
    onSearch: (next: string) => {
      setSearch(next);
      setPage(0);
    },
  };
}

/** What is on a page of a list, the last one where the page is beyond it. */
export function pageOf<Item>(items: readonly Item[], page: number, size: number) {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const at = Math.min(page, pages - 1);
  return { pages, at, shown: items.slice(at * size, (at + 1) * size) };
}
