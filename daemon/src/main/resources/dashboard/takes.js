// Which messages a process takes.

import {h} from './dom.js';

export class Takes {
  element = h('section', {class: 'card', hidden: true});

  show(described) {
    this.element.hidden = described === null;
    if (described === null) return;
    this.element.replaceChildren(h('h2', {}, 'Messages it takes'), ...['calls', 'casts'].flatMap(kind => [
      h('h3', {}, kind === 'calls' ? 'Calls' : 'Casts'),
      typeof described[kind] === 'string'
        ? h('p', {class: 'empty'}, 'any JSON')
        : Object.keys(described[kind]).length === 0
          ? h('p', {class: 'empty'}, 'none')
          : h('ul', {class: 'takes'}, Object.entries(described[kind]).map(([type, fields]) => h('li', {},
            h('code', {}, type), Object.entries(fields).map(([field, takes]) => [' ', h('span', {class: 'field'}, `${field}: ${typeof takes === 'string' ? takes : JSON.stringify(takes)}`)])))),
    ]));
  }
}
