// All processes: sorted, filtered and found by the daemon, which sends only those that are seen.

import {processes} from './api.js';
import {showProblem} from './confirm.js';
import {attribute, h, text} from './dom.js';
import {brief, count, duration, rate, simple} from './format.js';
import {processHref, remember} from './links.js';
import {poll} from './poll.js';
import {kindSign, kindWords, showStatus, statusLabel, statusWords} from './status.js';
import {WindowedList} from './windowed.js';

/** `sort` is the daemon's word for the order by that column. */
const COLUMNS = [
  {name: 'Process', sort: 'name', class: 'name'},
  {name: 'Status', sort: 'status', class: 'state'},
  {name: 'Class', sort: 'server', class: 'code'},
  {name: 'Queued', sort: 'queued', class: 'number queued', largestFirst: true},
  {name: 'Received', sort: 'received', class: 'number received', largestFirst: true},
  {name: 'A second', class: 'number speed'},
  {name: 'Busy', sort: 'busy', class: 'number busytime', largestFirst: true},
  {name: 'Restarts', sort: 'restarts', class: 'number restarts', largestFirst: true},
];
const FILTERS = ['text', 'kind', 'status', 'plugin', 'parent', 'sort', 'descending'];

export function processesView({query, signal}) {
  const wanted = Object.fromEntries(FILTERS.map(name => [name, query.get(name) ?? '']));
  const seen = new Map();
  const told = h('p', {class: 'told', role: 'status'});
  const problem = h('p', {class: 'problem', hidden: true});
  const search = h('input', {id: 'search', type: 'search', placeholder: 'name, class or pid', spellcheck: 'false', on: {input: soon}});
  const kind = choice('kind', 'all kinds', kindWords, word => word);
  const state = choice('status', 'every status', statusWords, statusLabel);
  const chips = h('span', {class: 'chips'});
  search.value = wanted.text;
  let timer = null;

  const list = new WindowedList({
    label: 'Processes',
    rowHeight: 38,
    signal,
    create: newRow,
    show: showRow,
    load: async (offset, limit) => {
      const found = await processes({type: 'find', ...conditions(), offset, limit}, {signal});
      problem.hidden = true;
      text(told, found.matching === found.total ? `${count(found.total)} in all` : `${count(found.matching)} of ${count(found.total)}`);
      measure(found.lines);
      return {total: found.matching, items: found.lines};
    },
    open: line => (location.hash = processHref(line.name ?? line.pid)),
  });

  function choice(name, all, words, label) {
    const select = h('select', {'aria-label': name, on: {change: () => change({[name]: select.value})}},
      h('option', {value: ''}, all), words.map(word => h('option', {value: word}, label(word))));
    select.value = words.includes(wanted[name]) ? wanted[name] : '';
    return select;
  }

  function conditions() {
    const found = {};
    for (const name of ['text', 'kind', 'status', 'plugin', 'parent', 'sort']) if (wanted[name]) found[name] = wanted[name];
    if (wanted.descending) found.descending = true;
    return found;
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => change({text: search.value}), 150);
  }

  function change(some) {
    Object.assign(wanted, some);
    remember('processes', wanted);
    showChips();
    showOrder();
    list.restart();
    again();
  }

  function showChips() {
    chips.replaceChildren(...['plugin', 'parent'].filter(name => wanted[name]).map(name =>
      h('button', {type: 'button', class: 'chip', on: {click: () => change({[name]: ''})}}, `${name} ${wanted[name]} `, h('span', {'aria-label': 'take away'}, '×'))));
  }

  /** How many messages each took a second since it was seen last. */
  function measure(found) {
    const now = performance.now();
    for (const line of found) {
      const before = seen.get(line.pid);
      if (before && now - before.at > 500 && line.received !== undefined) {
        line.speed = (line.received - before.received) / ((now - before.at) / 1_000);
        seen.set(line.pid, {at: now, received: line.received, speed: line.speed});
      } else if (!before) {
        seen.set(line.pid, {at: now, received: line.received ?? 0});
      } else {
        line.speed = before.speed;
      }
    }
    if (seen.size > 5_000) seen.clear();
  }

  // The heads of columns sort.

  const heads = COLUMNS.map(column => {
    const button = column.sort
      ? h('button', {type: 'button', class: 'sort', on: {click: () => sortBy(column)}}, column.name, h('span', {class: 'arrow', 'aria-hidden': 'true'}))
      : h('span', {}, column.name);
    return h('div', {role: 'columnheader', class: `cell ${column.class}`}, button);
  });

  function sortBy({sort, largestFirst}) {
    const again = wanted.sort === sort;
    const descending = again ? !wanted.descending : Boolean(largestFirst);
    change({sort, descending: descending ? 'true' : ''});
  }

  function showOrder() {
    COLUMNS.forEach((column, i) => {
      const sorted = column.sort && wanted.sort === column.sort;
      attribute(heads[i], 'aria-sort', sorted ? (wanted.descending ? 'descending' : 'ascending') : null);
      const arrow = heads[i].querySelector('.arrow');
      if (arrow) text(arrow, sorted ? (wanted.descending ? '▼' : '▲') : '');
    });
  }

  const again = poll(() => list.refresh(), {every: 2_000, signal, failed: e => showProblem(problem, e)});
  signal.addEventListener('abort', () => clearTimeout(timer));
  showChips();
  showOrder();
  list.head(h('div', {role: 'row', class: 'row head'}, heads));
  return [
    h('div', {class: 'heading'}, h('h1', {tabindex: -1}, 'Processes'), told),
    h('div', {class: 'filters'}, h('label', {for: 'search', class: 'hidden'}, 'Find'), search, kind, state, chips),
    problem,
    h('section', {class: 'card processes'}, list.element),
  ];
}

function newRow() {
  return h('div', {class: 'row'},
    h('div', {role: 'gridcell', class: 'cell name'}, h('span', {class: 'sign'}), h('a', {tabindex: -1}), h('span', {class: 'pid'})),
    h('div', {role: 'gridcell', class: 'cell state'}, h('span', {class: 'status'})),
    ['code', 'number queued', 'number received', 'number speed', 'number busytime', 'number restarts'].map(name =>
      h('div', {role: 'gridcell', class: `cell ${name}`})));
}

function showRow(row, line) {
  const part = name => row.querySelector(name);
  const link = part('a');
  attribute(link, 'href', processHref(line.name ?? line.pid));
  text(link, line.name ?? line.pid);
  text(part('.pid'), line.name ? line.pid : '');
  if (part('.sign').dataset.kind !== line.kind) {
    part('.sign').dataset.kind = line.kind;
    part('.sign').title = line.kind;
    part('.sign').replaceChildren(kindSign(line.kind));
  }
  showStatus(part('.status'), line.status);
  text(part('.code'), simple(line.server));
  part('.code').title = line.server;
  text(part('.queued'), count(line.queued));
  part('.queued').classList.toggle('much', line.queued > 0);
  text(part('.received'), line.received === undefined ? '' : brief(line.received));
  text(part('.speed'), line.speed === undefined ? '' : rate(line.speed));
  text(part('.busytime'), line.busy_ms === undefined ? '' : duration(line.busy_ms));
  text(part('.restarts'), count(line.restarts));
  part('.restarts').classList.toggle('much', line.restarts > 0);
}
