// Which processes to look at: those that work, and those for which messages wait.

import {processes} from './api.js';
import {h, keyed, text} from './dom.js';
import {count, percent, rate, simple} from './format.js';
import {processHref} from './links.js';
import {showStatus} from './status.js';

/** Those that have worked the most so far; among them are those that do so now. */
const CANDIDATES = 200;

/** What answers this page would stand among the busiest, where there are few. */
function isNotOurs(line) {
  return line.name !== 'sys.processes';
}

/** Who works now, and how much. */
export class Busiest {
  #before = new Map();
  #table = new Ranking(['Process', 'Status', 'At work', 'Messages a second'], 'Measuring …');
  element = this.#table.element;

  async look(signal) {
    const found = await processes({type: 'find', sort: 'busy', descending: true, limit: CANDIDATES}, {signal});
    const at = performance.now();
    const active = found.lines.filter(isNotOurs).map(line => this.#measured(line, at)).filter(each => each.messages > 0 || each.part > 0.001);
    if (this.#before.size > 0) this.#table.none('No process is at work.');
    this.#before = new Map(found.lines.map(line => [line.pid, {at, busy: line.busy_ms, received: line.received}]));
    active.sort((a, b) => b.part - a.part || b.messages - a.messages);
    this.#table.show(active.slice(0, 5).map(({line, part, messages}) => ({line, part: Math.min(1, part), cells: [percent(Math.min(1, part)), rate(messages)]})));
  }

  #measured(line, at) {
    const before = this.#before.get(line.pid);
    const ms = before ? at - before.at : 0;
    return {
      line,
      part: ms > 0 ? (line.busy_ms - before.busy) / ms : 0,
      messages: ms > 0 ? (line.received - before.received) / (ms / 1_000) : 0,
    };
  }
}

/** For whom messages wait. */
export class Waiting {
  #table = new Ranking(['Process', 'Status', 'Queued', 'Restarts'], 'No messages wait.');
  element = this.#table.element;

  async look(signal) {
    const found = await processes({type: 'find', sort: 'queued', descending: true, limit: 5}, {signal});
    const waiting = found.lines.filter(line => line.queued > 0 && isNotOurs(line));
    const most = Math.max(1, ...waiting.map(line => line.queued));
    this.#table.show(waiting.map(line => ({line, part: line.queued / most, cells: [count(line.queued), count(line.restarts)]})));
  }
}

/** A table of processes with two numbers, of which a bar shows the first. */
class Ranking {
  #body = h('tbody');
  #none;
  #table;
  element;

  constructor([process, state, first, second], none) {
    this.#none = h('p', {class: 'empty'}, none);
    this.#table = h('table', {class: 'plain', hidden: true},
      h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, process), h('th', {scope: 'col'}, state),
        h('th', {scope: 'col', class: 'number'}, first), h('th', {scope: 'col', class: 'number'}, second))),
      this.#body);
    this.element = h('div', {}, this.#none, this.#table);
  }

  /** What is said when there is nothing to show. */
  none(words) {
    text(this.#none, words);
  }

  show(ranked) {
    this.#none.hidden = ranked.length > 0;
    this.#table.hidden = ranked.length === 0;
    keyed(this.#body, ranked, ({line}) => line.pid, ({line}) => h('tr', {},
      h('td', {}, h('a', {href: processHref(line.name ?? line.pid)}, line.name ?? `${simple(line.server)} ${line.pid}`)),
      h('td', {}, h('span', {class: 'status'})),
      h('td', {class: 'number'}, h('meter', {min: 0, max: 1, 'aria-hidden': 'true'}), h('span')),
      h('td', {class: 'number'})),
    (row, {line, part, cells}) => {
      showStatus(row.querySelector('.status'), line.status);
      row.querySelector('meter').value = part;
      text(row.cells[2].lastChild, cells[0]);
      text(row.cells[3], cells[1]);
    });
  }
}
