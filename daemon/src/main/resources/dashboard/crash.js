// How a process last crashed.

import {h, text} from './dom.js';
import {duration} from './format.js';
import {mark} from './status.js';

export class CrashCard {
  element = h('section', {class: 'card crash', hidden: true});
  #shown = null;

  show(crash) {
    this.element.hidden = !crash;
    if (!crash) return;
    const id = `${crash.pid} ${crash.reason}`;
    if (this.#shown !== id) {
      this.#shown = id;
      this.element.replaceChildren(h('div', {},
        h('h2', {}, mark('bad'), 'Last crash'),
        h('p', {class: 'facts'}, h('span', {class: 'ago'}), ` · as ${crash.pid}`),
        h('p', {class: 'reason'}, crash.reason),
        crash.message ? [h('h3', {}, 'It had at hand'), h('pre', {}, crash.message)] : null,
        crash.state ? [h('h3', {}, 'Its state before'), h('pre', {}, crash.state)] : null,
        crash.stack.length > 0 ? h('details', {open: true}, h('summary', {}, 'Stack'), h('pre', {}, crash.stack.join('\n'))) : null));
    }
    text(this.element.querySelector('.ago'), `${duration(crash.ago_ms)} ago`);
  }
}
