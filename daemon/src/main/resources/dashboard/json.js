// A value as a tree that can be folded.

import {ExactNumber} from './api.js';
import {h} from './dom.js';

const FOLDED_FROM = 3;
const SHOWN = 200;

/** @param depth how deep it is in a larger value */
export function jsonTree(value, depth = 0) {
  if (value instanceof ExactNumber) return h('span', {class: 'j-number'}, value.digits);
  if (value === null) return h('span', {class: 'j-null'}, 'null');
  if (typeof value === 'object') return folded(value, depth);
  if (typeof value === 'string') return h('span', {class: 'j-string'}, JSON.stringify(value));
  return h('span', {class: 'j-number'}, String(value));
}

function folded(value, depth) {
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, close] = isList ? '[]' : '{}';
  if (entries.length === 0) return h('span', {}, open + close);
  const sum = isList ? `${entries.length} items` : `${entries.length} fields`;
  const details = h('details', {class: 'j', open: depth < FOLDED_FROM},
    h('summary', {}, open, h('span', {class: 'j-sum'}, ` ${sum} `), h('span', {class: 'j-close'}, close)));
  const rows = () => h('ul', {},
    entries.slice(0, SHOWN).map(([name, each]) => h('li', {}, isList ? null : h('span', {class: 'j-key'}, name + ': '), jsonTree(each, depth + 1))),
    entries.length > SHOWN ? h('li', {class: 'j-sum'}, `… and ${entries.length - SHOWN} more`) : null);
  // What is folded is made when it is opened: a state may be large.
  const fillOnce = () => details.open && details.children.length === 1 && details.append(rows(), h('span', {class: 'j-end'}, close));
  details.addEventListener('toggle', fillOnce);
  fillOnce();
  return details;
}
