// The supervision tree, drawn: who looks after whom, and how they do.

import {processes} from './api.js';
import {act} from './actions.js';
import {showProblem} from './confirm.js';
import {attribute, h, text} from './dom.js';
import {count, plural, simple} from './format.js';
import {processHref} from './links.js';
import {poll} from './poll.js';
import {kindSign, mark, showStatus} from './status.js';

/** So many messages that wait are worth a word. */
const NOTED_QUEUE = 10;
/** Deeper supervisors are folded at first, and so are wide ones. */
const OPEN_DEPTH = 3;
const OPEN_WIDTH = 30;

export function treeView({query, signal}) {
  const told = h('p', {class: 'told', role: 'status'});
  const problem = h('p', {class: 'problem', hidden: true});
  const search = h('input', {id: 'search', type: 'search', placeholder: 'name or class', spellcheck: 'false', on: {input: draw}});
  const trouble = h('input', {id: 'trouble', type: 'checkbox', on: {change: draw}});
  const list = h('ul', {role: 'tree', 'aria-label': 'Supervision tree', class: 'tree', on: {keydown: key, click: clicked}});
  /** What was folded or unfolded by hand, by the path of the node. */
  const folds = new Map();
  const items = new Map();
  let root = null;
  search.value = query.get('text') ?? '';

  async function look() {
    root = summed(await processes({type: 'tree'}, {signal, timeout: 10_000}), '', 0);
    problem.hidden = true;
    draw();
  }

  function draw() {
    if (root === null) return;
    const wanted = {text: search.value.trim().toLowerCase(), trouble: trouble.checked};
    const shown = matching(root, wanted);
    text(told, toldOf(root));
    const used = new Set();
    drawInto(list, shown === null ? [] : [shown], used, wanted.text !== '' || wanted.trouble);
    for (const path of items.keys()) if (!used.has(path)) items.delete(path);
    none.hidden = shown !== null;
    keepOneFocusable();
  }

  function drawInto(container, nodes, used, unfolded) {
    let last = null;
    const keep = new Set();
    for (const node of nodes) {
      const item = items.get(node.path) ?? newItem(node);
      items.set(node.path, item);
      used.add(node.path);
      keep.add(item.element);
      showItem(item, node, unfolded, used);
      const next = last === null ? container.firstChild : last.nextSibling;
      if (next !== item.element) container.insertBefore(item.element, next);
      last = item.element;
    }
    for (const element of [...container.children]) if (!keep.has(element)) element.remove();
  }

  function newItem(node) {
    const toggle = h('span', {class: 'toggle', 'aria-hidden': 'true'});
    const name = h('a', {tabindex: -1});
    const code = h('span', {class: 'code'});
    const status = h('span', {class: 'status'});
    const notes = h('span', {class: 'notes'});
    const start = h('button', {type: 'button', class: 'small', tabindex: -1, hidden: true}, 'Start');
    const line = h('div', {class: 'node'}, toggle, h('span', {class: 'sign'}, kindSign(node.kind)), name, code, status, notes, start);
    const group = h('ul', {role: 'group', hidden: true});
    const element = h('li', {role: 'treeitem', tabindex: -1, 'data-path': node.path}, line, group);
    return {element, toggle, name, code, status, notes, start, group, node};
  }

  function showItem(item, node, unfolded, used) {
    item.node = node;
    const open = node.children.length > 0 && (unfolded || isOpen(node));
    const foldable = node.children.length > 0;
    attribute(item.element, 'aria-expanded', foldable ? (open ? 'true' : 'false') : null);
    text(item.toggle, foldable ? (open ? '▾' : '▸') : '');
    text(item.name, node.name ?? node.id ?? node.pid);
    attribute(item.name, 'href', node.pid ? processHref(node.name ?? node.pid) : null);
    text(item.code, node.kind === 'supervisor' || !node.server ? '' : simple(node.server));
    showStatus(item.status, node.status);
    item.element.classList.toggle('down', node.status === 'not_running' || node.status === 'restarting');
    showNotes(item.notes, node, open);
    item.start.hidden = node.status !== 'not_running';
    item.start.onclick = e => {
      e.stopPropagation();
      act('start', {process: node.name ?? node.id, shown: node.name ?? node.id, kind: node.kind}, again);
    };
    const onlyMore = node.more > 0 && node.children.length === 0;
    item.group.hidden = !open && !onlyMore;
    if (open || onlyMore) {
      drawInto(item.group, node.children, used, unfolded);
      if (node.more) item.group.append(moreOf(node));
    }
  }

  function isOpen(node) {
    return folds.get(node.path) ?? (node.depth < OPEN_DEPTH && node.children.length <= OPEN_WIDTH);
  }

  function fold(path, open) {
    folds.set(path, open);
    draw();
  }

  function foldAll(open) {
    (function each(node) {
      folds.set(node.path, open || node.depth === 0);
      node.children.forEach(each);
    })(root);
    draw();
  }

  function clicked(e) {
    const element = e.target.closest('[role=treeitem]');
    if (element === null || e.target.closest('a, button')) return;
    const item = items.get(element.dataset.path);
    element.focus();
    if (item?.node.children.length > 0) fold(item.node.path, element.getAttribute('aria-expanded') !== 'true');
  }

  /** As the patterns for trees have it: arrows move and fold, Enter opens. */
  function key(e) {
    const element = e.target.closest('[role=treeitem]');
    if (element === null || e.target !== element) return;
    const {node} = items.get(element.dataset.path);
    const visible = [...list.querySelectorAll('[role=treeitem]')].filter(each => each.offsetParent !== null);
    const at = visible.indexOf(element);
    const expanded = element.getAttribute('aria-expanded');
    const to = {
      ArrowDown: () => visible[at + 1],
      ArrowUp: () => visible[at - 1],
      Home: () => visible[0],
      End: () => visible.at(-1),
      ArrowRight: () => (expanded === 'false' ? fold(node.path, true) : expanded === 'true' ? visible[at + 1] : null),
      ArrowLeft: () => (expanded === 'true' ? fold(node.path, false) : element.parentElement.closest('[role=treeitem]')),
      Enter: () => node.pid && (location.hash = processHref(node.name ?? node.pid)),
    }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    const target = to();
    if (target instanceof Element) {
      focusable(target);
      target.focus();
    }
  }

  function focusable(element) {
    for (const each of list.querySelectorAll('[role=treeitem][tabindex="0"]')) attribute(each, 'tabindex', -1);
    attribute(element, 'tabindex', 0);
  }

  function keepOneFocusable() {
    if (list.querySelector('[role=treeitem][tabindex="0"]') === null && list.firstElementChild) focusable(list.firstElementChild);
  }

  const none = h('p', {class: 'empty', hidden: true}, 'Nothing in the tree is like that.');
  const again = poll(look, {every: 2_000, signal, failed: e => showProblem(problem, e)});
  return [
    h('div', {class: 'heading'}, h('h1', {tabindex: -1}, 'Supervision'), told),
    h('div', {class: 'filters'},
      h('label', {for: 'search', class: 'hidden'}, 'Find'), search,
      h('label', {class: 'check'}, trouble, 'only trouble'),
      h('button', {type: 'button', on: {click: () => foldAll(true)}}, 'Unfold all'),
      h('button', {type: 'button', on: {click: () => foldAll(false)}}, 'Fold all')),
    problem,
    h('section', {class: 'card'}, list, none, legend()),
  ];
}

/** What there is at and below a node. */
function summed(node, above, depth) {
  const path = `${above}/${node.id ?? node.pid}`;
  const children = (node.children ?? []).map(child => summed(child, path, depth + 1));
  const total = {down: 0, suspended: 0, queued: node.queued ?? 0, all: 1 + (node.more ?? 0)};
  if (node.status === 'not_running' || node.status === 'restarting') total.down++;
  if (node.status === 'suspended') total.suspended++;
  for (const child of children) for (const name of Object.keys(total)) total[name] += child.total[name];
  return {...node, path, depth, children, total};
}

function isTrouble(node) {
  return node.status === 'not_running' || node.status === 'restarting' || node.status === 'suspended' || node.restarts > 0;
}

/** The part of the tree that leads to what is wanted; null if nothing is. */
function matching(node, wanted) {
  const children = node.children.map(child => matching(child, wanted)).filter(child => child !== null);
  const said = [node.id, node.name, node.pid, node.server].some(word => word?.toLowerCase().includes(wanted.text));
  const self = said && (!wanted.trouble || isTrouble(node));
  return self || children.length > 0 ? {...node, children} : null;
}

function toldOf(root) {
  const {all, down, suspended} = root.total;
  return [plural(all, 'process', 'processes'), down > 0 ? `${count(down)} down` : null, suspended > 0 ? `${count(suspended)} suspended` : null]
    .filter(Boolean).join(' · ');
}

function showNotes(element, node, open) {
  const below = {...node.total};
  const notes = [];
  if (node.restart) notes.push(['plain', node.restart]);
  if (node.restarts > 0) notes.push(['warn', plural(node.restarts, 'restart')]);
  if (node.queued >= NOTED_QUEUE) notes.push(['warn', `${count(node.queued)} queued`]);
  if (!open && node.children.length > 0) {
    notes.push(['plain', `${count(below.all - 1)} below`]);
    if (below.down > 0) notes.push(['bad', `${count(below.down)} down`]);
    if (below.suspended > 0) notes.push(['warn', `${count(below.suspended)} suspended`]);
    if (below.queued - (node.queued ?? 0) >= NOTED_QUEUE) notes.push(['warn', `${count(below.queued - (node.queued ?? 0))} queued`]);
  }
  const words = notes.map(([tone, word]) => `${tone} ${word}`).join('|');
  if (element.dataset.words === words) return;
  element.dataset.words = words;
  element.replaceChildren(...notes.map(([tone, word]) => h('span', {class: `note ${tone}`}, tone === 'plain' ? null : mark(tone), word)));
}

function moreOf(node) {
  return h('li', {role: 'none', class: 'more'},
    h('a', {href: `#/processes?parent=${encodeURIComponent(node.pid)}`}, `… and ${count(node.more)} more`));
}

function legend() {
  const kinds = {supervisor: 'supervisor', server: 'server', function: 'function', port: 'port'};
  return h('p', {class: 'legendline'}, Object.entries(kinds).map(([kind, word]) => h('span', {}, kindSign(kind), word)));
}
