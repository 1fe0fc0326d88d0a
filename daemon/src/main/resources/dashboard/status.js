// What a process is about, by word, shape and colour: no one of them alone.

import {h, svg} from './dom.js';

const RING = ['circle', {cx: 8, cy: 8, r: 5, fill: 'none', 'stroke-width': 2}];

/** By the words of the protocol. `tone` is the colour, `shape` what is drawn. */
const STATUSES = {
  idle: {label: 'idle', tone: 'calm', shape: [RING]},
  running: {label: 'running', tone: 'busy', shape: [['path', {class: 'full', d: 'M4 2.5L13.5 8L4 13.5Z'}]]},
  waiting: {
    label: 'waiting',
    tone: 'warn',
    shape: [['path', {class: 'full', d: 'M3.5 2H12.5L8.6 8L12.5 14H3.5L7.4 8Z'}]],
  },
  starting: {label: 'starting', tone: 'busy', shape: [['circle', {...RING[1], 'stroke-dasharray': '3 2.2'}]]},
  suspended: {label: 'suspended', tone: 'held', shape: [['path', {class: 'full', d: 'M3.5 2.5H6.8V13.5H3.5ZM9.2 2.5H12.5V13.5H9.2Z'}]]},
  restarting: {
    label: 'restarting',
    tone: 'warn',
    shape: [['path', {fill: 'none', 'stroke-width': 2, d: 'M12.5 5A5 5 0 1 0 13 9M13 1.5V5.5H9'}]],
  },
  not_running: {label: 'not running', tone: 'bad', shape: [['path', {fill: 'none', 'stroke-width': 2.4, d: 'M3.5 3.5L12.5 12.5M12.5 3.5L3.5 12.5'}]]},
};

/** A daemon may know statuses that this page does not. */
const OTHER = {tone: 'calm', shape: [['path', {fill: 'none', 'stroke-width': 2, d: 'M8 2L14 8L8 14L2 8Z'}]]};

export const statusWords = Object.keys(STATUSES).slice(0, 5);
export const kindWords = ['server', 'supervisor', 'function', 'port'];

export function statusLabel(word) {
  return STATUSES[word]?.label ?? word;
}

export function status(word) {
  const element = h('span', {});
  showStatus(element, word);
  return element;
}

/** Has an element show another status. */
export function showStatus(element, word) {
  if (element.dataset.status === word) return;
  const {label, tone, shape} = STATUSES[word] ?? {label: word, ...OTHER};
  element.dataset.status = word;
  element.className = `status ${tone}`;
  element.replaceChildren(drawn(shape), h('span', {class: 'word'}, label));
}

function drawn(shape) {
  return svg('svg', {viewBox: '0 0 16 16', width: 14, height: 14, 'aria-hidden': 'true'}, shape.map(([tag, props]) => svg(tag, props)));
}

const MARKS = {
  good: [['path', {fill: 'none', 'stroke-width': 2.2, d: 'M2.5 8.5L6.3 12.3L13.5 4'}]],
  warn: [['path', {fill: 'none', 'stroke-width': 1.8, d: 'M8 1.8L14.8 14H1.2ZM8 6V9.6M8 11.2V12.6'}]],
  bad: [['path', {fill: 'none', 'stroke-width': 1.8, d: 'M5 1.5H11L14.5 5V11L11 14.5H5L1.5 11V5ZM8 4.5V8.8M8 10.4V11.8'}]],
};

/** A sign before a sentence that tells how bad it is: `good`, `warn` or `bad`. */
export function mark(tone) {
  return h('span', {class: `mark ${tone}`}, drawn(MARKS[tone]));
}

const KINDS = {
  supervisor: ['path', {d: 'M2.5 2.5H13.5V13.5H2.5Z'}],
  server: ['circle', {cx: 8, cy: 8, r: 5.6}],
  worker: ['circle', {cx: 8, cy: 8, r: 5.6}],
  function: ['path', {d: 'M8 1.6L14.4 8L8 14.4L1.6 8Z'}],
  port: ['path', {d: 'M8 2L14.4 13.6H1.6Z'}],
};

/** The shape of a kind of process. */
export function kindSign(kind) {
  const [tag, props] = KINDS[kind] ?? KINDS.function;
  return svg('svg', {class: 'kind', viewBox: '0 0 16 16', width: 14, height: 14, 'aria-hidden': 'true'}, svg(tag, props));
}
