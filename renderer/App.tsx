import { Suspense, useEffect } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { readRows, tagged } from '../common/results/references.ts';
import { ChainsProvider } from './api/ChainsProvider.tsx';
import { RunsProvider } from './api/RunsProvider.tsx';
import { fetchOtherPages, lazyPage, PageToCome } from './lazy-pages.tsx';
import { ResultsPage } from './results/ResultsPage.tsx';
import { OpenSavedView, OpenSharedView } from './runs/OpenView.tsx';
import { RunsPage } from './runs/RunsPage.tsx';
import { lastPage } from './ui/last-page.ts';
import { NotFound } from './ui/NotFound.tsx';
import { Shell } from './ui/Shell.tsx';

const AugmentationsPage = lazyPage('AugmentationsPage');
const ChainLaunchPage = lazyPage('ChainLaunchPage');
const ChainPage = lazyPage('ChainPage');
const ChainsPage = lazyPage('ChainsPage');
const ChartsPage = lazyPage('ChartsPage');
const CheckpointPage = lazyPage('CheckpointPage');
const CheckpointsPage = lazyPage('CheckpointsPage');
const ComparePage = lazyPage('ComparePage');
const SavedComparisonPage = lazyPage('SavedComparisonPage');
const EvaluatePage = lazyPage('EvaluatePage');
const DraftPage = lazyPage('DraftPage');
const DuplicatePage = lazyPage('DuplicatePage');
const LaunchPage = lazyPage('LaunchPage');
const NewPage = lazyPage('NewPage');
const RecipesPage = lazyPage('RecipesPage');
const QueuePage = lazyPage('QueuePage');
const RunPage = lazyPage('RunPage');
const TrashPage = lazyPage('TrashPage');
const SystemPage = lazyPage('SystemPage');

export function App() {
  useEffect(fetchOtherPages, []);
  return (
    <Router hook={useHashLocation}>
      <RunsProvider>
        <ChainsProvider>
          <Shell>
            <Suspense fallback={<PageToCome />}>
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
                  {({ rows, baseline }) => (
                    <ComparePage rows={readRows(rows)} baseline={baseline && tagged(baseline)} />
                  )}
                </Route>
                <Route path="/charts/:filter?">
                  {({ filter }) => <ChartsPage filter={filter && decodeURIComponent(filter)} />}
                </Route>
                <Route path="/system" component={SystemPage} />
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </Shell>
        </ChainsProvider>
      </RunsProvider>
    </Router>
  );
}
