/** Which names a bundle may bring: none that leads out of a folder, on any system, and none that steers a worker. */

const steering = new Set(['control.json', 'resume.json', 'worker-output.txt']);

export function isBundled(path: string): boolean {
  return !steering.has(path) && !path.endsWith('.tmp') && path.split('/').every((name) => !name.startsWith('.'));
}

/** Why a path is not taken; null for one that is. */
export function refusedName(path: string): string | null {
  const names = path.split('/');
  if (path.length > 400) return 'it is too long';
  if (names.some((name) => name === '' || name === '.' || name === '..')) return 'it leads out of the run folder';
  if ([...path].some((letter) => letter < ' ' || '\\:*?"<>|'.includes(letter))) return 'it is no name on every system';
  if (names.some((name) => /[. ]$/.test(name) || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)))
    return 'it is no name on every system';
  return isBundled(path) ? null : 'it does not belong in a bundle';
}
