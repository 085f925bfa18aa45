/** Pages beside the tables: one file of the build, which is fetched when one of them is opened, or there is time. */
export { AugmentationsPage } from './augmentations/AugmentationsPage.tsx';
export { ChainLaunchPage } from './chains/ChainLaunchPage.tsx';
export { ChainPage } from './chains/ChainPage.tsx';
export { ChainsPage } from './chains/ChainsPage.tsx';
export { ChartsPage } from './charts/overlay/ChartsPage.tsx';
export { CheckpointPage } from './checkpoints/CheckpointPage.tsx';
export { CheckpointsPage } from './checkpoints/CheckpointsPage.tsx';
export { ComparePage, SavedComparisonPage } from './compare/ComparePage.tsx';
export { EvaluatePage } from './evaluations/EvaluatePage.tsx';
export { DraftPage } from './launch/DraftPage.tsx';
export { DuplicatePage } from './launch/DuplicatePage.tsx';
export { LaunchPage } from './launch/LaunchPage.tsx';
export { NewPage } from './launch/NewPage.tsx';
export { RecipesPage } from './launch/RecipesPage.tsx';
export { QueuePage } from './queue/QueuePage.tsx';
export { RunPage } from './run/RunPage.tsx';
export { TrashPage } from './runs/TrashPage.tsx';
export { SystemPage } from './system/SystemPage.tsx';
