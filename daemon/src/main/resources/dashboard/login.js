// Asks who is there.

import {useToken} from './api.js';
import {h} from './dom.js';
import {mark} from './status.js';

/**
 * A form for a token.
 *
 * @param why what the daemon said, if a token was tried
 * @param then is told when there is a token to try
 */
export function loginView(why, then) {
  const token = h('input', {
    id: 'token', name: 'token', type: 'password', required: true, autocomplete: 'current-password', spellcheck: 'false', autofocus: true,
  });
  const problem = h('p', {class: 'problem', role: 'alert', hidden: !why}, mark('bad'), h('span', {}, why));
  const form = h(
    'form',
    {
      class: 'card login',
      on: {
        submit: e => {
          e.preventDefault();
          useToken(token.value.trim());
          then();
        },
      },
    },
    h('h1', {tabindex: -1}, 'Log in'),
    h('p', {}, 'This daemon wants to know who asks. The token needs the right to administer; it is kept until this tab is closed.'),
    h('label', {for: 'token'}, 'Token'),
    token,
    problem,
    h('button', {class: 'primary', type: 'submit'}, 'Log in'),
  );
  return form;
}
