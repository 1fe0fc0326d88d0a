// The frame around the views: which one is shown, whether the daemon is there, who asks, dark or light.

import {access, hasToken, useToken} from './api.js';
import {connectionsView} from './connections.js';
import {attribute, h, text} from './dom.js';
import {eventsView} from './events.js';
import * as feed from './live.js';
import {loginView} from './login.js';
import {overviewView} from './overview.js';
import {pluginsView} from './plugins.js';
import {processView} from './process.js';
import {processesView} from './processes.js';
import {mark} from './status.js';
import {treeView} from './tree.js';

/** Each gets what stands behind its name in the address, its parameters, and a signal that ends it. */
const VIEWS = {
  overview: {title: 'Overview', show: overviewView},
  tree: {title: 'Supervision', show: treeView},
  processes: {title: 'Processes', show: processesView},
  process: {title: 'Process', show: processView},
  plugins: {title: 'Plugins', show: pluginsView},
  connections: {title: 'Connections', show: connectionsView},
  events: {title: 'Events', show: eventsView},
};

const content = document.getElementById('content');
let shown = null;

/** `#/process/counter?x=1` is the view, what it is about, and parameters. */
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...about] = path.split('/');
  return {name: name in VIEWS ? name : 'overview', about: decoded(about.join('/')), query: new URLSearchParams(query)};
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function show() {
  const {name, about, query} = address();
  shown?.abort();
  shown = new AbortController();
  const view = VIEWS[name];
  document.title = `${about || view.title} · genserverd`;
  for (const link of document.querySelectorAll('nav.views a')) {
    const current = link.hash === `#/${name === 'process' ? 'processes' : name}`;
    attribute(link, 'aria-current', current ? 'page' : null);
    if (current) link.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }
  content.replaceChildren(...[view.show({about, query, signal: shown.signal})].flat());
  scrollTo(0, 0);
}

function showInstead(element) {
  shown?.abort();
  shown = null;
  content.replaceChildren(element);
  (element.querySelector('[autofocus]') ?? element.querySelector('h1'))?.focus();
}

function showLogin(why) {
  feed.disconnect();
  showInstead(loginView(why, feed.connect));
}

function showForbidden(why) {
  showInstead(
    h('section', {class: 'card login'},
      h('h1', {tabindex: -1}, 'You may not look at this daemon'),
      h('p', {class: 'problem'}, mark('bad'), h('span', {}, why)),
      h('p', {}, 'The dashboard needs the right to administer. Log in with a token that has it.'),
      h('button', {class: 'primary', on: {click: () => showLogin('')}}, 'Log in'),
    ),
  );
}

// Whether the daemon is there.

const link = document.getElementById('link');

function tellState() {
  const [tone, words] = {
    connecting: ['calm', 'connecting'],
    live: ['good', 'live'],
    lost: ['bad', 'disconnected, trying again'],
    login: ['calm', 'not logged in'],
    forbidden: ['bad', 'forbidden'],
  }[feed.state];
  link.className = `link ${tone}`;
  link.title = feed.reason;
  text(link, words);
  attribute(document.body, 'data-state', feed.state);
  document.getElementById('logout').hidden = !hasToken();
  if (feed.state === 'login') showLogin(feed.reason);
  else if (feed.state === 'forbidden') showForbidden(feed.reason);
  else if (feed.state === 'live' && shown === null) show();
}

// Dark or light.

const themeButton = document.getElementById('theme');

function darkNow() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function tellTheme() {
  text(themeButton, darkNow() ? 'Light' : 'Dark');
  attribute(themeButton, 'aria-label', darkNow() ? 'Switch to light colours' : 'Switch to dark colours');
}

themeButton.addEventListener('click', () => {
  const next = darkNow() ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  localStorage.setItem('genserverd.theme', next);
  tellTheme();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tellTheme);

document.getElementById('logout').addEventListener('click', () => {
  useToken(null);
  location.reload();
});

document.querySelector('.skip').addEventListener('click', e => {
  e.preventDefault(); // the address names the view
  content.focus();
});

addEventListener('hashchange', () => {
  if (shown === null) return;
  show();
  content.querySelector('h1')?.focus();
});
access.addEventListener('login', () => {
  if (feed.state === 'live') feed.connect(); // a token was taken away: the feed says why
});
feed.live.addEventListener('state', tellState);

tellTheme();
feed.connect();
