import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { readRows, tagged } from '../common/results/references.ts';
import { ChainsProvider } from './api/ChainsProvider.tsx';
import { RunsProvider } from './api/RunsProvider.tsx';
import { AugmentationsPage } from './augmentations/AugmentationsPage.tsx';
import { ChainLaunchPage } from './chains/ChainLaunchPage.tsx';
import { ChainPage } from './chains/ChainPage.tsx';
import { ChainsPage } from './chains/ChainsPage.tsx';
import { ChartsPage } from './charts/overlay/ChartsPage.tsx';
import { CheckpointPage } from './checkpoints/CheckpointPage.tsx';
import { CheckpointsPage } from './checkpoints/CheckpointsPage.tsx';
import { ComparePage, SavedComparisonPage } from './compare/ComparePage.tsx';
import { EvaluatePage } from './evaluations/EvaluatePage.tsx';
import { DraftPage } from './launch/DraftPage.tsx';
import { DuplicatePage } from './launch/DuplicatePage.tsx';
import { LaunchPage } from './launch/LaunchPage.tsx';
import { NewPage } from './launch/NewPage.tsx';
import { RecipesPage } from './launch/RecipesPage.tsx';
import { QueuePage } from './queue/QueuePage.tsx';
import { ResultsPage } from './results/ResultsPage.tsx';
import { RunPage } from './run/RunPage.tsx';
import { OpenSavedView, OpenSharedView } from './runs/OpenView.tsx';
import { RunsPage } from './runs/RunsPage.tsx';
import { TrashPage } from './runs/TrashPage.tsx';
import { SystemPage } from './system/SystemPage.tsx';
import { lastPage } from './ui/last-page.ts';
import { NotFound } from './ui/NotFound.tsx';
import { Shell } from './ui/Shell.tsx';

export function App() {
  return (
    <Router hook={useHashLocation}>
      <RunsProvider>
        <ChainsProvider>
          <Shell>
            <Switch>
              <Route path="/">{() => <Redirect to={lastPage()} replace />}</Route>
              <Route path="/runs" component={RunsPage} />
              <Route path="/runs/trash" component={TrashPage} />
              <Route path="/runs/views/:id">{({ id }) => <OpenSavedView key={id} id={id} />}</Route>
              <Route path="/runs/shared/:view">{({ view }) => <OpenSharedView key={view} text={view} />}</Route>
              <Route path="/runs/:id/:tab?">{({ id, tab }) => <RunPage key={id} id={id} tab={tab} />}</Route>
              <Route path="/queue" component={QueuePage} />
              <Route path="/checkpoints" component={CheckpointsPage} />
              <Route path="/checkpoints/:id/:action?">
                {({ id, action }) => <CheckpointPage key={id} id={id} action={action} />}
              </Route>
              <Route path="/evaluate/:checkpoint?">{({ checkpoint }) => <EvaluatePage preset={checkpoint} />}</Route>
              <Route path="/chains" component={ChainsPage} />
              <Route path="/chains/:id">{({ id }) => <ChainPage key={id} id={id} />}</Route>
              <Route path="/launch" component={RecipesPage} />
              <Route path="/launch/chain/:id">{({ id }) => <ChainLaunchPage key={id} id={id} />}</Route>
              <Route path="/launch/draft" component={DraftPage} />
              <Route path="/launch/again/:id">{({ id }) => <DuplicatePage id={id} />}</Route>
              <Route path="/launch/from/:id/:path">
                {({ id, path }) => <DuplicatePage id={id} checkpoint={decodeURIComponent(path)} />}
              </Route>
              <Route path="/launch/new/:kind">{({ kind }) => <NewPage key={kind} kind={kind} />}</Route>
              <Route path="/launch/new/:kind/:field/:value">
                {({ kind, field, value }) => (
                  <NewPage key={kind} kind={kind} preset={{ [field]: decodeURIComponent(value) }} />
                )}
              </Route>
              <Route path="/launch/:recipe">{({ recipe }) => <LaunchPage key={recipe} recipe={recipe} />}</Route>
              <Route path="/augmentations" component={AugmentationsPage} />
              <Route path="/results/:id?">{({ id }) => <ResultsPage key={id} id={id} />}</Route>
              <Route path="/compare">{() => <ComparePage rows={[]} baseline={undefined} />}</Route>
              <Route path="/compare/saved/:id">{({ id }) => <SavedComparisonPage key={id} id={id} />}</Route>
              <Route path={/^\/compare\?ids=(?<ids>[^&]+)/}>
                {({ ids }) => <Redirect to={`/compare/${ids ?? ''}`} replace />}
              </Route>
              <Route path="/compare/:rows/:baseline?">
                {({ rows, baseline }) => <ComparePage rows={readRows(rows)} baseline={baseline && tagged(baseline)} />}
              </Route>
              <Route path="/charts/:filter?">
                {({ filter }) => <ChartsPage filter={filter && decodeURIComponent(filter)} />}
              </Route>
              <Route path="/system" component={SystemPage} />
              <Route component={NotFound} />
            </Switch>
          </Shell>
        </ChainsProvider>
      </RunsProvider>
    </Router>
  );
}
