/** The page that was shown last, to begin there the next time. */
const key = 'last-page';
const first = '/runs';

export function keepPage(path: string): void {
  if (path !== '/') localStorage.setItem(key, path);
}

export function lastPage(): string {
  const path = localStorage.getItem(key);
  return path?.startsWith('/') && path !== '/' ? path : first;
}
