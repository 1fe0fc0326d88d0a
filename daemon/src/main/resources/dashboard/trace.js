// What a process takes and answers, as it happens; only while somebody looks.

import {processes} from './api.js';
import {showProblem} from './confirm.js';
import {attribute, h, text} from './dom.js';
import {duration} from './format.js';

const KEPT = 300;
const WAIT = 10_000;

export function traceCard(process, signal) {
  let following = null;
  const list = h('ol', {class: 'trace'});
  const empty = h('p', {class: 'empty'}, 'Off. A process that is followed tells each message that it takes; that costs it a little.');
  const problem = h('p', {class: 'problem', hidden: true});
  const button = h('button', {type: 'button', class: 'small', 'aria-pressed': 'false', on: {click: toggle}}, 'Follow');
  signal.addEventListener('abort', stop);

  function toggle() {
    if (following) stop();
    else follow();
  }

  function stop() {
    following?.abort();
    following = null;
    show();
  }

  function show() {
    attribute(button, 'aria-pressed', following ? 'true' : 'false');
    text(button, following ? 'Stop following' : 'Follow');
    empty.hidden = list.children.length > 0 && following !== null;
    if (following && list.children.length === 0) {
      text(empty, 'Nothing yet.');
      empty.hidden = false;
    }
  }

  async function follow() {
    const mine = new AbortController();
    following = mine;
    problem.hidden = true;
    list.replaceChildren();
    show();
    try {
      let after;
      while (!mine.signal.aborted) {
        const found = await processes(
          after === undefined ? {type: 'trace', process} : {type: 'trace', process, after, wait_ms: WAIT},
          {signal: mine.signal, timeout: WAIT + 5_000});
        after = found.next;
        if (found.lost) add({kind: 'lost', text: `${found.lost} events came faster than they could be shown`});
        found.events.forEach(add);
        show();
      }
    } catch (e) {
      if (mine.signal.aborted) return;
      showProblem(problem, e);
      stop();
    }
  }

  function add(event) {
    list.prepend(h('li', {},
      h('span', {class: 'when'}, event.at_ms === undefined ? '' : `+${duration(event.at_ms)}`),
      h('span', {class: `note ${event.kind === 'down' || event.kind === 'lost' ? 'warn' : 'plain'}`}, event.kind.replace('_', ' ')),
      h('code', {}, withoutState(event))));
    while (list.children.length > KEPT) list.lastChild.remove();
  }

  return h('section', {class: 'card'},
    h('div', {class: 'cardhead'}, h('h2', {}, 'Messages'), button), problem, empty, list);
}

/** The state is shown by its own card, without what is secret in it. */
function withoutState({kind, text: words}) {
  if (kind === 'no_reply') return 'no reply now';
  return kind === 'reply' ? words.replace(/, state .*$/s, '') : words.replace(/^(call|cast|info|continue) /, '');
}
