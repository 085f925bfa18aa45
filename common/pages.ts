/** The pages that the navigation, the palette and the menu of the desktop lead to, in their order. */
export const pages = [
  { path: '/runs', label: 'Runs', key: 'R' },
  { path: '/launch', label: 'Launch', key: 'N' },
  { path: '/queue', label: 'Queue', key: 'Q' },
  { path: '/chains', label: 'Chains', key: 'H' },
  { path: '/checkpoints', label: 'Checkpoints', key: 'C' },
  { path: '/augmentations', label: 'Augmentations', key: 'L' },
  { path: '/evaluate', label: 'Evaluate', key: 'E' },
  { path: '/compare', label: 'Compare', key: 'M' },
  { path: '/charts', label: 'Charts', key: 'G' },
  { path: '/results', label: 'Results', key: 'T' },
  { path: '/system', label: 'System', key: 'S' },
] as const satisfies readonly { path: string; label: string; key: string }[];

export type PagePath = (typeof pages)[number]['path'];
