// With whom a process has to do.

import {attribute, h, keyed, text} from './dom.js';
import {count} from './format.js';
import {processHref} from './links.js';

/** A link to the page of another process. */
export function peerLink(peer) {
  return h('a', {href: processHref(peer.name ?? peer.pid)}, peer.name ?? peer.pid);
}

export class Relations {
  #lists = ['Started by', 'Linked with', 'Monitors', 'Monitored by'].map(title => {
    const list = h('ul', {class: 'peers'});
    const head = h('h3', {}, title);
    return {title, head, list};
  });
  element = h('section', {class: 'card'}, h('h2', {}, 'Links and monitors'), this.#lists.map(each => [each.head, each.list]));

  show(related, info) {
    const found = [related.parent ? [related.parent] : [], related.links, related.monitoring, related.monitored_by];
    const inAll = [found[0].length, info.links, info.monitoring, info.monitored_by];
    this.#lists.forEach(({title, head, list}, i) => {
      text(head, i === 0 ? title : `${title} ${inAll[i] === 0 ? 'nobody' : count(inAll[i])}`);
      head.hidden = i === 0 && inAll[0] === 0;
      keyed(list, found[i], peer => peer.pid + (peer.name ?? ''), peer => h('li', {}, peerLink(peer)));
      const unnamed = inAll[i] - found[i].length;
      attribute(list, 'data-more', unnamed > 0 ? `and ${count(unnamed)} from outside or not named` : null);
    });
  }
}
