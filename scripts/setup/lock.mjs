// One set-up at a time on this machine: two clones share the cache, two starts share a checkout.
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson, writeJson } from './files.mjs';
import { SetupError, watchChildren } from './run.mjs';

const beatMs = 5_000;
/** A holder on another machine (shared home) cannot be asked, but it touches the file every beat. */
const silentMs = 60_000;

/** Whether the holder written in a lock file is gone. */
export function isStale(
  holder,
  touchedMs,
  { nowMs = Date.now(), host = os.hostname(), isAlive = processIsAlive } = {},
) {
  if (holder?.host === host && Number.isInteger(holder.pid)) return !isAlive(holder.pid);
  return nowMs - touchedMs > silentMs;
}

function processIsAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * A set-up that was killed leaves its npm, pip or compiler running; two of them in one folder would spoil it. Resolves
 * when they are gone, or after ten minutes (a pid may have gone to someone else).
 */
async function outliveChildren(holder, onWait) {
  const patientUntilMs = Date.now() + 10 * 60 * 1000;
  const alive = () => (holder?.host === os.hostname() ? (holder.children ?? []) : []).filter(processIsAlive);
  while (alive().length > 0 && Date.now() < patientUntilMs) {
    onWait(alive()[0]);
    await sleep(300);
  }
}

/** Waits for the lock, calls `onWait(pid)` while it does, and resolves to the function that gives it back. */
export async function takeLock(file, onWait) {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    throw new SetupError(
      `The cache folder ${path.dirname(file)} cannot be made (${error.code}).`,
      'Set CONTRAST_CACHE to a folder that can be written.',
    );
  }
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, host: os.hostname() }));
  try {
    while (!tryLink(mine, file)) {
      const holder = readJson(file);
      if (isStale(holder, touched(file))) {
        await outliveChildren(holder, onWait);
        // unless another one that waited has taken it meanwhile
        if (readJson(file)?.pid === holder?.pid) rmSync(file, { force: true });
      } else {
        onWait(holder?.pid);
        await sleep(300);
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
  watchChildren((children) => writeJson(file, { pid: process.pid, host: os.hostname(), children }));
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), beatMs);
  beat.unref();
  return () => {
    clearInterval(beat);
    watchChildren(() => {});
    if (isMine(file)) rmSync(file, { force: true });
  };
}

/** A hard link is made whole or not at all, with its content: no moment shows an empty lock. */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function touched(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0; // given back this moment: the next try takes it
  }
}

function isMine(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).pid === process.pid;
  } catch {
    return false;
  }
}
