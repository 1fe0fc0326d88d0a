// One process: how it does, what it is at, whom it has to do with.

import {processes} from './api.js';
import {act, actionLabel} from './actions.js';
import {showProblem} from './confirm.js';
import {CrashCard} from './crash.js';
import {h, keyed, text} from './dom.js';
import {count, duration} from './format.js';
import {Now} from './now.js';
import {poll} from './poll.js';
import {Rates} from './rates.js';
import {Relations} from './relations.js';
import {StateCard} from './state.js';
import {kindSign, showStatus} from './status.js';
import {Takes} from './takes.js';
import {traceCard} from './trace.js';

export function processView({about: process, signal}) {
  const name = h('h1', {tabindex: -1}, process);
  const sign = h('span', {class: 'sign'});
  const status = h('span', {class: 'status'});
  const origin = h('p', {class: 'facts'});
  const buttons = h('div', {class: 'actions'});
  const problem = h('p', {class: 'problem', hidden: true});
  const gone = new Gone(process, () => look());
  const body = h('div', {class: 'process', hidden: true});
  const charts = new Rates(signal);
  const numbers = h('dl', {class: 'numbers'});
  const now = new Now();
  const state = new StateCard(process, signal);
  const relations = new Relations();
  const crash = new CrashCard();
  const takes = new Takes();
  let info = null;
  let pid = null;

  async function look() {
    try {
      info = await processes({type: 'info', process}, {signal});
    } catch (e) {
      if (e.code === 'noproc') {
        gone.show();
        body.hidden = true;
        showButtons([]);
        showStatus(status, 'not_running');
        return;
      }
      throw e;
    }
    const isAnother = pid !== info.pid; // the first, or the next life
    pid = info.pid;
    gone.hide();
    problem.hidden = true;
    body.hidden = false;
    showInfo();
    charts.add(info);
    const [why, related] = await Promise.all([
      processes({type: 'why', process}, {signal}),
      processes({type: 'relations', process}, {signal}),
    ]);
    now.show(why, related);
    crash.show(why.last_crash);
    relations.show(related, info);
    if (isAnother) {
      state.look(info);
      await describe();
    }
  }

  function showInfo() {
    text(name, info.name ?? info.pid);
    if (!sign.hasChildNodes()) sign.append(kindSign(info.kind));
    showStatus(status, info.status);
    showButtons([info.status === 'suspended' ? 'resume' : 'suspend', 'restart', 'stop']);
    const all = {
      Queued: `${count(info.queued)}${info.max_queue < 2_147_483_647 ? ` of ${count(info.max_queue)}` : ''}`,
      Received: info.received,
      Replied: info.replied,
      'Not understood': info.failed,
      'Expired in the queue': info.expired,
      Busy: info.busy_ms === undefined ? undefined : duration(info.busy_ms),
      Restarts: info.restarts,
      'Traps exits': info.traps_exits ? 'yes' : 'no',
      'Declared to compute': info.cpu_bound ? 'yes' : 'no',
    };
    keyed(numbers, Object.entries(all).filter(([, value]) => value !== undefined), ([label]) => label,
      ([label]) => h('div', {}, h('dt', {}, label), h('dd')),
      (element, [, value]) => text(element.lastChild, typeof value === 'number' ? count(value) : value));
  }

  /** Made anew only when others are wanted, so that the focus stays. */
  function showButtons(wanted) {
    if (buttons.dataset.wanted === wanted.join()) return;
    buttons.dataset.wanted = wanted.join();
    buttons.replaceChildren(...wanted.map(action =>
      h('button', {type: 'button', on: {click: () => act(action, {process, shown: info.name ?? info.pid, kind: info.kind}, again)}}, actionLabel(action))));
  }

  async function describe() {
    const parts = [info.pid, info.kind, info.server];
    try {
      const described = await processes({type: 'describe', process}, {signal});
      if (described.plugin) parts.push(`plugin ${described.plugin} ${described.version}`);
      takes.show(described);
    } catch (e) {
      if (e.code !== 'bad_message') throw e; // it is no server, and takes nothing
      takes.show(null);
    }
    text(origin, parts.join(' · '));
  }

  const again = poll(look, {every: 1_000, respect: 3, signal, failed: e => showProblem(problem, e)});
  body.append(
    charts.element,
    h('div', {class: 'columns'},
      h('div', {}, h('section', {class: 'card'}, h('h2', {}, 'Numbers'), numbers), now.element, crash.element, relations.element),
      h('div', {}, state.element, traceCard(process, signal), takes.element)),
  );
  return [
    h('p', {class: 'crumb'}, h('a', {href: '#/processes'}, 'Processes'), ' / ', process),
    h('div', {class: 'heading of-process'}, h('div', {class: 'title'}, sign, name, status), buttons, origin),
    problem,
    gone.element,
    body,
  ];
}

// It does not run.

class Gone {
  element;

  constructor(process, again) {
    const isPid = process.startsWith('<'); // one life of a process, which has ended
    const start = h('button', {type: 'button', class: 'primary', on: {click: () => act('start', {process, shown: process, kind: 'server'}, again)}}, 'Start');
    this.element = h('section', {class: 'card gone', hidden: true},
      h('p', {}, isPid ? 'It has ended.' : 'It does not run.'),
      isPid ? null : [h('p', {}, 'If a supervisor knows it, it can be started.'), start]);
  }

  show() {
    this.element.hidden = false;
  }

  hide() {
    this.element.hidden = true;
  }
}
