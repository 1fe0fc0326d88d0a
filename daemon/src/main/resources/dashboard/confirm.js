// Asks before something is done, says what will happen, and what came of it.

import {attribute, h, text} from './dom.js';
import {mark} from './status.js';
import {notice} from './notices.js';

/**
 * Opens a dialog.
 *
 * @param title the question
 * @param says what will happen: sentences or elements
 * @param button what doing it is called
 * @param danger whether something is lost by it
 * @param work does it; may return words of what came of it
 */
export function ask({title, says, button, danger = false, work}) {
  const problem = h('p', {class: 'problem', role: 'alert', hidden: true});
  const cancel = h('button', {type: 'button', autofocus: true, on: {click: () => dialog.close()}}, 'Cancel');
  const go = h('button', {type: 'button', class: danger ? 'danger' : 'primary', on: {click: act}}, button);
  const dialog = h(
    'dialog',
    {'aria-labelledby': 'question', class: 'ask'},
    h('h2', {id: 'question'}, title),
    says.map(each => (typeof each === 'string' ? h('p', {}, each) : each)),
    problem,
    h('div', {class: 'buttons'}, cancel, go),
  );
  dialog.addEventListener('close', () => dialog.remove());

  async function act() {
    attribute(go, 'disabled', true);
    attribute(dialog, 'aria-busy', true);
    try {
      const came = await work();
      dialog.close();
      if (came) notice(came);
    } catch (e) {
      showProblem(problem, e);
      text(cancel, 'Close');
      cancel.focus();
    }
    attribute(go, 'disabled', false);
    attribute(dialog, 'aria-busy', false);
  }

  document.body.append(dialog);
  dialog.showModal();
}

/** Says plainly why something was not done. */
export function showProblem(element, error) {
  const forbidden = error.code === 'forbidden' ? 'You may not do that. ' : '';
  element.replaceChildren(mark('bad'), h('span', {}, forbidden + error.message));
  element.hidden = false;
}
