// Asks for something again and again while it is looked at.

/** It pauses so many times as long as the answer took, so that looking costs the daemon little. */
const RESPECT = 25;
/** But no longer than this, in milliseconds. */
const LONGEST = 10_000;

/**
 * Does `work` now and then every so many milliseconds, until the signal ends it. Pauses while the page is hidden.
 *
 * @param work promises to ask for what is wanted; `failed` is told what it throws
 * @param respect less of it where little is asked for, more where much is
 * @return a function that has it done at once
 */
export function poll(work, {every, respect = RESPECT, longest = LONGEST, signal, failed}) {
  let timer = null;
  let busy = false;
  let again = false;

  async function run() {
    if (busy) {
      again = true;
      return;
    }
    clearTimeout(timer);
    busy = true;
    const began = performance.now();
    try {
      await work();
    } catch (e) {
      if (!signal.aborted) failed?.(e);
    }
    busy = false;
    if (signal.aborted) return;
    const pause = again ? 0 : Math.max(every, Math.min(longest, (performance.now() - began) * respect));
    again = false;
    if (!document.hidden) timer = setTimeout(run, pause);
  }

  document.addEventListener('visibilitychange', () => document.hidden || run(), {signal});
  signal.addEventListener('abort', () => clearTimeout(timer));
  run();
  return run;
}
