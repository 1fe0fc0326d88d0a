// What can be done to a process.

import {processes} from './api.js';
import {ask} from './confirm.js';

const SUPERVISOR = 'A supervisor ends all processes below it first.';

/** How each is asked for. `name` is what the process is called. */
const ACTIONS = {
  suspend: {
    label: 'Suspend',
    says: () => ['It will take no messages until it is resumed. They wait in its mailbox, and callers wait until their time is up.'],
    done: name => `${name} is suspended.`,
  },
  resume: {
    label: 'Resume',
    says: () => ['It will take the messages that have waited, in their order.'],
    done: name => `${name} goes on.`,
  },
  restart: {
    label: 'Restart',
    danger: true,
    says: kind => [
      'It is ended in order and started again. Its state is lost, and so are the messages that wait for it; whoever waits for an answer gets an error.',
      kind === 'supervisor' ? SUPERVISOR : null,
    ],
    done: name => `${name} was started again.`,
  },
  stop: {
    label: 'Stop',
    danger: true,
    says: kind => [
      'It is ended in order and stays down until it is restarted by hand. Its state is lost, and so are the messages that wait for it.',
      kind === 'supervisor' ? SUPERVISOR : null,
    ],
    done: name => `${name} was stopped.`,
  },
  start: {
    label: 'Start',
    request: 'restart',
    says: () => ['Its supervisor starts it afresh.'],
    done: name => `${name} was started.`,
  },
};

export function actionLabel(action) {
  return ACTIONS[action].label;
}

/**
 * Asks whether to do it, and does it.
 *
 * @param process how the daemon finds it
 * @param shown how people call it
 * @param then is told when it is done
 */
export function act(action, {process, shown, kind}, then) {
  const {label, danger, says, done, request} = ACTIONS[action];
  ask({
    title: `${label} ${shown}?`,
    says: says(kind).filter(Boolean),
    button: label,
    danger,
    work: async () => {
      await processes({type: request ?? action, process}, {timeout: 30_000});
      then?.();
      return done(shown);
    },
  });
}
