#!/usr/bin/env node
/** The command line. One line per group of verbs; exit codes are those of common/errors.ts. */
import { Command } from 'commander';
import { addBench } from './bench.ts';
import { addChain } from './chain.ts';
import { addChains } from './chains.ts';
import { places, version } from './checkout.ts';
import { addCheckpoints } from './checkpoints.ts';
import { addCompare } from './compare.ts';
import { addDoctor } from './doctor.ts';
import { endWith } from './endings.ts';
import { addResults } from './export.ts';
import { addImport } from './interop.ts';
import { addJobs } from './jobs.ts';
import { addMlflow } from './mlflow.ts';
import { addQueue } from './queue.ts';
import { addRuns } from './runs.ts';
import { addServe } from './serve.ts';
import { spelled } from './spellings.ts';

const program = new Command('contrast')
  .description('Trains and evaluates small self-supervised contrastive vision models')
  .version(`${version()} (${places.root})`)
  .enablePositionalOptions() // what comes after a verb is the verb's
  .addHelpText(
    'after',
    `
Exit codes: 0 ok; 1 the job failed; 2 usage; 3 data or checkpoint invalid; 4 environment; 5 stopped by a health rule;
130, 143 interrupted (the first Ctrl-C lets a training save a checkpoint, the second ends at once).`,
  )
  // Errors are thrown, not exited with: there is one place that ends the process.
  .exitOverride();

addJobs(program); // train, knn, dataset
addChain(program);
addChains(program);
addCheckpoints(program);
addRuns(program);
addQueue(program);
addResults(program); // export
addCompare(program);
addImport(program);
addMlflow(program);
addServe(program);
addDoctor(program);
addBench(program);

const [node, script, ...words] = process.argv as [string, string, ...string[]];
await endWith(() => program.parseAsync([node, script, ...spelled(words)]));
