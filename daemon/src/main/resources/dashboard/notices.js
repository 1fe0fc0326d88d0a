// Short messages that go by themselves.

import {h} from './dom.js';

const SHOWN = 6_000;

export function notice(words) {
  const element = h('p', {class: 'notice'}, words);
  document.getElementById('notices').append(element);
  setTimeout(() => element.remove(), SHOWN);
}
