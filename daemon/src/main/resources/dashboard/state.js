// The state of a process, as far as it lets that be seen.

import {processes} from './api.js';
import {showProblem} from './confirm.js';
import {h, text} from './dom.js';
import {jsonTree} from './json.js';

export class StateCard {
  #process;
  #signal;
  #told = h('span', {class: 'told'});
  #body = h('div', {class: 'json'});
  #problem = h('p', {class: 'problem', hidden: true});
  element;

  constructor(process, signal) {
    this.#process = process;
    this.#signal = signal;
    this.element = h('section', {class: 'card'},
      h('div', {class: 'cardhead'}, h('h2', {}, 'State'), this.#told,
        h('button', {type: 'button', class: 'small', on: {click: () => this.look()}}, 'Read again')),
      this.#problem, this.#body);
  }

  /** Asks the process, ahead of its mailbox. */
  async look(info) {
    if (info?.kind === 'function' || info?.kind === 'port') {
      this.#body.replaceChildren(h('p', {class: 'empty'}, 'It runs a function, and has no state to show.'));
      return;
    }
    try {
      const status = await processes({type: 'get_status', process: this.#process}, {signal: this.#signal, exact: true});
      this.#problem.hidden = true;
      text(this.#told, `as formatStatus shows it, at ${new Date().toLocaleTimeString()}`);
      this.#body.replaceChildren(jsonTree(status.state ?? null));
    } catch (e) {
      if (!this.#signal.aborted) showProblem(this.#problem, e);
    }
  }
}
