/** The pages that the navigation and the palette lead to, in their order. */
import {
  Boxes,
  ChartLine,
  ChartNoAxesColumn,
  Columns3,
  Cpu,
  Link as LinkIcon,
  List,
  ListOrdered,
  Rocket,
  Table2,
  WandSparkles,
} from 'lucide-react';

export const pages = [
  { path: '/runs', label: 'Runs', icon: List },
  { path: '/launch', label: 'Launch', icon: Rocket },
  { path: '/queue', label: 'Queue', icon: ListOrdered },
  { path: '/chains', label: 'Chains', icon: LinkIcon },
  { path: '/checkpoints', label: 'Checkpoints', icon: Boxes },
  { path: '/augmentations', label: 'Augmentations', icon: WandSparkles },
  { path: '/evaluate', label: 'Evaluate', icon: ChartNoAxesColumn },
  { path: '/compare', label: 'Compare', icon: Columns3 },
  { path: '/charts', label: 'Charts', icon: ChartLine },
  { path: '/results', label: 'Results', icon: Table2 },
  { path: '/system', label: 'System', icon: Cpu },
];
