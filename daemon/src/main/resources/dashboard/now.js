// What a process is at, whom it waits for, and who waits for it.

import {h, text} from './dom.js';
import {count, duration, plural} from './format.js';
import {processHref} from './links.js';
import {peerLink} from './relations.js';

export class Now {
  #doing = h('div');
  #chain = h('ol', {class: 'chain'});
  #waiting = h('ol', {class: 'messages'});
  #owed = h('ol', {class: 'messages'});
  #waitingHead = h('h3');
  #owedHead = h('h3');
  #chainHead = h('h3', {}, 'It waits for');
  element = h('section', {class: 'card'}, h('h2', {}, 'Now'), this.#doing,
    this.#chainHead, this.#chain, this.#waitingHead, this.#waiting, this.#owedHead, this.#owed);

  show(why, related) {
    this.#showDoing(why.now, why.status);
    this.#chainHead.hidden = why.waits_for.length === 0;
    this.#chain.replaceChildren(...why.waits_for.map(wait => h('li', {}, peerLink(wait), ` for ${duration(wait.for_ms)}: `, h('code', {}, wait.what))));
    text(this.#waitingHead, why.queued > why.waiting.length ? `The first ${why.waiting.length} of ${count(why.queued)} that wait` : 'Messages that wait');
    this.#showMessages(this.#waitingHead, this.#waiting, why.waiting);
    text(this.#owedHead, `${plural(related.owes_in_all, 'caller waits', 'callers wait')} for an answer that is to come later`);
    this.#showMessages(this.#owedHead, this.#owed, related.owes);
  }

  #showDoing(now, status) {
    if (!now) {
      this.#doing.replaceChildren(h('p', {class: 'empty'}, status === 'suspended' ? 'It is held still, and takes no messages.' : 'It has nothing to do.'));
      return;
    }
    const open = this.#doing.querySelector('details')?.open;
    this.#doing.replaceChildren(
      h('p', {}, `For ${duration(now.for_ms)} at `, h('code', {}, now.message)),
      now.stack.length > 0 ? h('details', {open}, h('summary', {}, 'Stack'), h('pre', {}, now.stack.join('\n'))) : '');
  }

  #showMessages(head, list, messages) {
    head.hidden = messages.length === 0;
    list.replaceChildren(...messages.map(message => h('li', {},
      h('span', {class: 'note plain'}, message.kind), ' ', h('code', {}, message.message),
      message.age_ms === undefined ? null : ` for ${duration(message.age_ms)}`,
      message.from ? [' from ', h('a', {href: processHref(message.from)}, message.from)] : null)));
  }
}
