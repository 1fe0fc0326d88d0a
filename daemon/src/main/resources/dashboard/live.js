// What the daemon tells by itself: a sample each second, and its log. Connects again, for as long as the page is open.

import {request, refusal, useToken} from './api.js';

const KEPT_SAMPLES = 600;
const KEPT_LINES = 2_000;
/** The daemon says something at least each 15 s; when it does not, the connection is dead. */
const SILENCE = 20_000;
const LONGEST_PAUSE = 5_000;

/** Tells `sample`, `log` and `state`. */
export const live = new EventTarget();

/** The last minutes, the oldest first; see `derived`. Null where nothing is known of some seconds. */
export const samples = [];

/** The last lines of the log, the oldest first. */
export const lines = [];

/** `connecting`, `live`, `lost`, `login` or `forbidden`. */
export let state = 'connecting';

/** Why it is not live. */
export let reason = '';

let running = null;

/** Begins, or begins anew after a login. */
export function connect() {
  running?.abort();
  running = new AbortController();
  keepConnected(running.signal);
}

export function disconnect() {
  running?.abort();
}

/** The last sample, or undefined. */
export function latest() {
  return samples.findLast(sample => sample !== null);
}

async function keepConnected(signal) {
  become('connecting');
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await read(signal, () => {
        failures = 0;
        become('live');
      });
      become('lost', 'The daemon has closed the connection.');
    } catch (e) {
      if (signal.aborted) return;
      if (e.code === 'unauthenticated') {
        useToken(null);
        become('login', e.message);
        return;
      }
      if (e.code === 'forbidden') {
        become('forbidden', e.message);
        return;
      }
      become('lost', e.message);
    }
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

async function read(signal, onOpen) {
  const silence = new AbortController();
  const watch = () => setTimeout(() => silence.abort(), SILENCE);
  let timer = watch();
  try {
    const response = await request('v1/live', {
      headers: {accept: 'text/event-stream'},
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok) throw refusal(response, await response.text());
    onOpen();
    const parser = new EventParser();
    const decoded = response.body.pipeThrough(new TextDecoderStream());
    for await (const chunk of chunks(decoded)) {
      clearTimeout(timer);
      timer = watch();
      const before = lines.at(-1);
      for (const event of parser.push(chunk)) take(event);
      if (lines.at(-1) !== before) live.dispatchEvent(new Event('log'));
    }
  } catch (e) {
    if (silence.signal.aborted && !signal.aborted) throw new Error('The daemon has gone silent.');
    if (e instanceof TypeError) throw new Error('The connection broke.');
    throw e;
  } finally {
    clearTimeout(timer);
  }
}

async function* chunks(stream) {
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

/** Takes server-sent events apart. */
export class EventParser {
  #rest = '';

  push(chunk) {
    const blocks = (this.#rest + chunk).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = blocks.pop();
    return blocks.map(EventParser.#event).filter(event => event.data !== '');
  }

  static #event(block) {
    let name = 'message';
    const data = [];
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') name = value;
      if (field === 'data') data.push(value);
    }
    return {name, data: data.join('\n')};
  }
}

function take({name, data}) {
  if (name === 'sample') addSample(JSON.parse(data));
  if (name === 'log') addLine(JSON.parse(data));
}

function addSample(sample) {
  const before = latest();
  const restarted = before !== undefined && sample.uptime_ms < before.uptime_ms;
  const gap = before !== undefined && (restarted || sample.at_ms - before.at_ms > 5_000);
  if (gap) samples.push(null);
  samples.push(derived(sample, restarted ? undefined : before));
  samples.splice(0, samples.length - KEPT_SAMPLES);
  live.dispatchEvent(new Event('sample'));
}

/** The sample, and what only two of them tell: how much of a kind there was a second. */
export function derived(sample, before) {
  const seconds = before === undefined ? 0 : (sample.at_ms - before.at_ms) / 1_000;
  const perSecond = (now, then) => (seconds > 0 ? Math.max(0, (now - then) / seconds) : null);
  const errorRates = {};
  for (const [code, total] of Object.entries(sample.errors)) {
    errorRates[code] = perSecond(total, before?.errors[code] ?? 0);
  }
  return {
    ...sample,
    call_rate: perSecond(sample.calls, before?.calls),
    cast_rate: perSecond(sample.casts, before?.casts),
    error_rates: errorRates,
    error_rate: Object.values(errorRates).reduce((sum, n) => sum + (n ?? 0), 0),
    gc_part: perSecond(sample.gc_ms / 1_000, before?.gc_ms / 1_000),
  };
}

function addLine(line) {
  const last = lines.at(-1);
  const known = last !== undefined && (line.at_ms < last.at_ms || (line.at_ms === last.at_ms && line.seq <= last.seq));
  if (known) return; // the last lines come again after each connect
  lines.push(line);
  lines.splice(0, lines.length - KEPT_LINES);
}

function become(next, why = '') {
  state = next;
  reason = why;
  live.dispatchEvent(new Event('state'));
}
