// Who is connected.

import {call} from './api.js';
import {ask, showProblem} from './confirm.js';
import {h, keyed, text} from './dom.js';
import {count, duration, plural} from './format.js';
import {poll} from './poll.js';

const PAGE = 200;

export function connectionsView({signal}) {
  let after = 0;
  const told = h('p', {class: 'told'});
  const problem = h('p', {class: 'problem', hidden: true});
  const body = h('tbody');
  const first = h('button', {type: 'button', hidden: true, on: {click: () => turn(0)}}, 'First page');
  const next = h('button', {type: 'button', hidden: true}, 'Next page');
  const empty = h('p', {class: 'empty', hidden: true}, 'Nobody is connected.');

  async function look() {
    const found = await call('sys.connections', {type: 'list', after, limit: PAGE}, {signal});
    problem.hidden = true;
    empty.hidden = found.length > 0;
    text(told, `${plural(found.length, 'connection')}${after > 0 || found.length === PAGE ? ' on this page' : ''}`);
    first.hidden = after === 0;
    next.hidden = found.length < PAGE;
    next.onclick = () => turn(found.at(-1).id);
    keyed(body, found, each => each.id, row, (element, each) => {
      text(element.querySelector('.principal'), each.principal ?? 'anonymous');
      text(element.querySelector('.age'), duration(each.age_ms));
      text(element.querySelector('.calls'), count(each.open_calls));
    });
  }

  function turn(to) {
    after = to;
    again();
  }

  function row(each) {
    return h('tr', {},
      h('th', {scope: 'row', class: 'mono'}, each.peer),
      h('td', {class: 'principal'}),
      h('td', {class: 'wide'}, each.tls ? 'TLS' : 'plain'),
      h('td', {class: 'number wide age'}),
      h('td', {class: 'number calls'}),
      h('td', {class: 'end'}, h('button', {type: 'button', class: 'small', 'aria-label': `Close the connection of ${each.peer}`, on: {click: () => close(each)}}, 'Close')));
  }

  function close(each) {
    ask({
      title: `Close the connection of ${each.peer}?`,
      says: ['The client is told goodbye. Its open calls end without an answer; a client that connects again by itself comes back.'],
      button: 'Close it',
      danger: true,
      work: async () => {
        await call('sys.connections', {type: 'close', id: each.id});
        again();
        return `The connection of ${each.peer} was closed.`;
      },
    });
  }

  const again = poll(look, {every: 2_000, signal, failed: e => showProblem(problem, e)});
  return [
    h('div', {class: 'heading'}, h('h1', {tabindex: -1}, 'Connections'), told),
    problem,
    h('section', {class: 'card'}, empty, h('div', {class: 'scrolls'}, h('table', {class: 'plain'},
      h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'Client'), h('th', {scope: 'col'}, 'Principal'),
        h('th', {scope: 'col', class: 'wide'}, 'Transport'), h('th', {scope: 'col', class: 'number wide'}, 'Age'),
        h('th', {scope: 'col', class: 'number'}, 'Open calls'), h('th', {scope: 'col', class: 'end'}, h('span', {class: 'hidden'}, 'What can be done')))),
      body)), h('div', {class: 'buttons'}, first, next)),
  ];
}
