// The log of what begins, ends and goes wrong.

import {attribute, h, keyed, text} from './dom.js';
import {clock, plural} from './format.js';
import {remember} from './links.js';
import {lines, live} from './live.js';
import {mark} from './status.js';

const LEVELS = ['INFO', 'WARN', 'ERROR'];
const SHOWN = 500;

export function eventsView({query, signal}) {
  let held = null;
  const level = h('select', {id: 'level', on: {change: changed}},
    h('option', {value: 'INFO'}, 'all'), h('option', {value: 'WARN'}, 'warnings and errors'), h('option', {value: 'ERROR'}, 'errors only'));
  const search = h('input', {id: 'search', type: 'search', placeholder: 'contains …', on: {input: changed}});
  const pause = h('button', {type: 'button', 'aria-pressed': 'false', on: {click: togglePause}}, 'Pause');
  const told = h('p', {class: 'told', role: 'status'});
  const list = h('ol', {class: 'log'});
  level.value = LEVELS.includes(query.get('level')) ? query.get('level') : 'INFO';
  search.value = query.get('text') ?? '';

  function changed() {
    remember('events', {level: level.value === 'INFO' ? '' : level.value, text: search.value});
    show();
  }

  function togglePause() {
    held = held === null ? lines.slice() : null;
    attribute(pause, 'aria-pressed', held !== null ? 'true' : 'false');
    text(pause, held === null ? 'Pause' : 'Go on');
    show();
  }

  function show() {
    const wanted = search.value.toLowerCase();
    const all = held ?? lines;
    const found = all.filter(line => rank(line.level) >= rank(level.value) && line.text.toLowerCase().includes(wanted));
    keyed(list, found.slice(-SHOWN).reverse(), line => `${line.at_ms}/${line.seq}`, logLine);
    const newer = held === null ? 0 : lines.filter(line => line.at_ms > (held.at(-1)?.at_ms ?? 0)).length;
    text(told, `${plural(found.length, 'event')}${found.length > SHOWN ? `, the last ${SHOWN} are shown` : ''}${newer > 0 ? `; ${newer} came since` : ''}`);
  }

  live.addEventListener('log', () => show(), {signal});
  show();
  return [
    h('div', {class: 'heading'}, h('h1', {tabindex: -1}, 'Events'), told),
    h('div', {class: 'filters'},
      h('label', {for: 'level'}, 'Show'), level, h('label', {for: 'search', class: 'hidden'}, 'Text'), search, pause),
    h('section', {class: 'card'}, list),
  ];
}

function rank(level) {
  return LEVELS.indexOf(level);
}

/** One line; a long one is folded. */
export function logLine(line) {
  const tone = {WARN: 'warn', ERROR: 'bad'}[line.level];
  const [first, ...rest] = line.text.split('\n');
  return h('li', {class: `event ${tone ?? ''}`},
    h('time', {datetime: new Date(line.at_ms).toISOString(), title: new Date(line.at_ms).toLocaleString()}, clock(line.at_ms)),
    h('span', {class: 'level'}, tone ? mark(tone) : null, line.level),
    h('span', {class: 'words', title: line.logger},
      rest.length === 0 ? first : h('details', {}, h('summary', {}, first), h('pre', {}, rest.join('\n')))));
}
