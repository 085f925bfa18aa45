// Set-up, from the top: each stage is done once, made aside and renamed, so that an interrupted one is simply done again.
import path from 'node:path';
import { takeLock } from './lock.mjs';
import { nativeIsSettled, setUpNative } from './native.mjs';
import { checkNode, checkPackagedNode } from './node.mjs';
import { installPackages, packagesAreInstalled } from './packages.mjs';
import { build, isBuilt, pages } from './pages.mjs';
import { cacheFolder } from './paths.mjs';
import { say, stage } from './progress.mjs';
import { readRecord } from './record.mjs';
import { endOnSignal } from './run.mjs';

const stages = [
  {
    title: 'Installing packages (npm)',
    isDone: packagesAreInstalled,
    run: async (report) => {
      await installPackages(report);
      await checkPackagedNode();
    },
  },
  { title: 'Setting up TensorFlow', isDone: nativeIsSettled, run: setUpNative },
  { title: 'Building the pages', isDone: () => isBuilt(pages), run: (report) => build(pages, report) },
];

/** Does what is left to do and returns the record of the backend; `retry` also repeats a stage that fell back. */
export async function setUp({ retry = false } = {}) {
  checkNode();
  if (retry || !(await allDone())) {
    const letGo = endOnSignal('\n  Set-up was interrupted; the same command goes on where it stopped.');
    const giveBack = await takeLock(path.join(cacheFolder(), 'setup.lock'), tellOnce());
    process.on('exit', giveBack);
    for (const one of stages) {
      if (!(await one.isDone()) || (retry && one.run === setUpNative)) await stage(one.title, one.run);
    }
    giveBack();
    letGo();
  }
  const record = readRecord();
  if (retry || record.reason) tellBackend(record);
  return record;
}

async function allDone() {
  for (const one of stages) if (!(await one.isDone())) return false;
  return true;
}

function tellOnce() {
  let told = false;
  return (pid) => {
    if (!told) say(`  Another set-up is running (process ${pid ?? 'unknown'}); waiting for it.`);
    told = true;
  };
}

function tellBackend({ variant, source, tensorflow, reason, cure }) {
  const name =
    variant === 'none'
      ? 'wasm'
      : `TensorFlow ${tensorflow} ${variant}${source === 'published' ? ' (published build)' : ''}`;
  say(`  Backend: ${name}.${reason ? ` Not a better one: ${reason}. ${cure}` : ''}`);
}
