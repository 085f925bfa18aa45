/** The pages with their icons, as the navigation and the palette show them. */
import {
  Boxes,
  ChartLine,
  ChartNoAxesColumn,
  Columns3,
  Cpu,
  Link as LinkIcon,
  List,
  ListOrdered,
  type LucideIcon,
  Rocket,
  Table2,
  WandSparkles,
} from 'lucide-react';
import { pages as listed, type PagePath } from '../../common/pages.ts';

const icons: Record<PagePath, LucideIcon> = {
  '/runs': List,
  '/launch': Rocket,
  '/queue': ListOrdered,
  '/chains': LinkIcon,
  '/checkpoints': Boxes,
  '/augmentations': WandSparkles,
  '/evaluate': ChartNoAxesColumn,
  '/compare': Columns3,
  '/charts': ChartLine,
  '/results': Table2,
  '/system': Cpu,
};

export const pages = listed.map((page) => ({ ...page, icon: icons[page.path] }));
