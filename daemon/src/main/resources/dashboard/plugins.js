// The plugins: versions, what they take, and what can be done to them.

import {plugins} from './api.js';
import {ask, showProblem} from './confirm.js';
import {deployDialog, upgradeDialog} from './deploy.js';
import {h, keyed, text} from './dom.js';
import {brief, count, duration, plural} from './format.js';
import {poll} from './poll.js';
import {mark} from './status.js';

const PATIENCE = 60_000;

export function pluginsView({signal}) {
  const told = h('p', {class: 'told'});
  const problem = h('p', {class: 'problem', hidden: true});
  const cards = h('div', {class: 'plugins'});
  const problems = noted('Not loaded', 'bad');
  const leaking = noted('Removed, and still in memory', 'warn');
  const empty = h('p', {class: 'empty', hidden: true}, 'There are no plugins. Deploy one, or put a jar into the plugin folder.');

  async function look() {
    const found = await plugins({type: 'list'}, {signal});
    problem.hidden = true;
    text(told, plural(found.plugins.length, 'plugin'));
    empty.hidden = found.plugins.length > 0;
    keyed(cards, found.plugins, plugin => plugin.id, () => new PluginCard(() => again()).element, (element, plugin) => element.card.show(plugin));
    problems.show(found.problems.map(each => ({words: each})));
    leaking.show(found.leaking.map(leak => ({words: `${leak.id} ${leak.version}`, more: leak.held_by})));
  }

  const again = poll(look, {every: 2_000, signal, failed: e => showProblem(problem, e)});
  return [
    h('div', {class: 'heading'}, h('h1', {tabindex: -1}, 'Plugins'), told,
      h('div', {class: 'actions'}, h('button', {type: 'button', class: 'primary', on: {click: () => deployDialog(again)}}, 'Deploy a plugin …'))),
    problem, problems.element, leaking.element, empty, cards,
  ];
}

/** A list of what is wrong. */
function noted(title, tone) {
  const list = h('ul', {class: 'problems'});
  const element = h('section', {class: 'card wrong', 'data-tone': tone, hidden: true}, h('h2', {}, mark(tone), title), list);
  return {
    element,
    show(items) {
      element.hidden = items.length === 0;
      keyed(list, items, item => item.words + (item.more ?? []).join(), item => h('li', {}, mark(tone),
        h('span', {}, item.words, item.more?.length > 0 ? h('ul', {}, item.more.map(each => h('li', {}, each))) : null)));
    },
  };
}

class PluginCard {
  #plugin = null;
  #again;
  #name = h('h2');
  #version = h('span', {class: 'version'});
  #badges = h('p', {class: 'badges'});
  #numbers = h('dl', {class: 'numbers'});
  #behaviours = h('span', {class: 'chips'});
  #file = h('p', {class: 'facts mono'});
  #buttons = h('div', {class: 'actions'});
  element;

  constructor(again) {
    this.#again = again;
    this.element = h('article', {class: 'card plugin'},
      h('div', {class: 'cardhead'}, this.#name, this.#version, this.#buttons),
      this.#file, this.#badges, this.#numbers, h('p', {class: 'chips offers'}, 'Behaviours', this.#behaviours));
    this.element.card = this;
  }

  show(plugin) {
    this.#plugin = plugin;
    text(this.#name, plugin.id);
    text(this.#version, plugin.version);
    text(this.#file, plugin.file);
    this.#showBadges();
    this.#showNumbers();
    keyed(this.#behaviours, plugin.behaviours, each => each, each => h('span', {class: 'chip'}, each));
    this.#showButtons();
  }

  #showBadges() {
    const {probation_ms: probation, canary, previous} = this.#plugin;
    const badges = [
      probation ? {tone: 'warn', words: `on probation for another ${duration(Math.ceil(probation / 1_000) * 1_000)}`} : null,
      canary ? {tone: 'warn', words: `canary: ${canary.version} runs in ${plural(canary.processes, 'process', 'processes')}, ${canary.percent} % of those that start`} : null,
      previous ? {tone: 'plain', words: `before: ${previous}`} : null,
    ].filter(Boolean);
    keyed(this.#badges, badges, each => each.words, each => h('span', {class: `note ${each.tone}`}, each.tone === 'warn' ? mark('warn') : null, each.words));
  }

  #showNumbers() {
    const plugin = this.#plugin;
    const all = [
      {name: 'Processes', value: count(plugin.processes), href: `#/processes?plugin=${encodeURIComponent(plugin.id)}`},
      {name: 'Queued', value: count(plugin.queued)},
      {name: 'Busy', value: duration(plugin.busy_ms)},
      {name: 'Restarts', value: count(plugin.restarts)},
      {name: 'Crashes', value: count(plugin.crashes), bad: plugin.crashes > 0},
      {name: 'Classes', value: brief(plugin.classes)},
      {name: 'Threads', value: count(plugin.threads)},
    ];
    keyed(this.#numbers, all, each => each.name,
      each => h('div', {}, h('dt', {}, each.name), h('dd', {}, each.href ? h('a', {href: each.href}) : h('span'))),
      (element, each) => {
        text(element.querySelector('dd').firstChild, each.value);
        element.classList.toggle('bad', Boolean(each.bad));
      });
  }

  #showButtons() {
    const {canary, previous} = this.#plugin;
    const wanted = [
      ['Upgrade …', () => upgradeDialog(this.#plugin, this.#again)],
      canary ? ['Promote', () => this.#promote()] : null,
      canary ? ['End the canary', () => this.#rollback()] : previous ? ['Roll back', () => this.#rollback()] : null,
      ['Remove', () => this.#remove()],
    ].filter(Boolean);
    keyed(this.#buttons, wanted, ([label]) => label,
      ([label]) => h('button', {type: 'button', class: 'small'}, label), (button, [, act]) => (button.onclick = act));
  }

  #promote() {
    const {id, version, canary} = this.#plugin;
    ask({
      title: `Promote ${id} ${canary.version}?`,
      says: [`All processes of ${id} that run ${version} change to ${canary.version}. Their states are carried over, and what waits for them is kept.`],
      button: 'Promote',
      work: async () => this.#changed(await plugins({type: 'promote', plugin: id}, {timeout: PATIENCE})),
    });
  }

  #rollback() {
    const {id, version, previous, canary} = this.#plugin;
    const force = h('input', {type: 'checkbox', id: 'force'});
    ask({
      title: canary ? `End the canary of ${id}?` : `Roll ${id} back to ${previous}?`,
      says: [
        canary
          ? `The processes that try ${canary.version} change back to ${version}.`
          : `The processes that run ${version} change to ${previous}. Their states are carried over, and what waits for them is kept.`,
        h('label', {class: 'check'}, force, 'give processes whose states cannot be carried back the state that they had before'),
      ],
      button: canary ? 'End it' : 'Roll back',
      danger: true,
      work: async () => this.#changed(await plugins({type: 'rollback', plugin: id, ...(force.checked ? {force: true} : {})}, {timeout: PATIENCE})),
    });
  }

  #changed(came) {
    this.#again();
    return `${came.id} ${came.from} became ${came.to} under ${plural(came.processes, 'process', 'processes')}.`;
  }

  #remove() {
    const {id, version, processes} = this.#plugin;
    ask({
      title: `Remove ${id} ${version}?`,
      says: [`Its ${plural(processes, 'process is', 'processes are')} stopped in order, and their states are lost. Its jar is renamed, so that it does not come back at the next start.`],
      button: 'Remove it',
      danger: true,
      work: async () => {
        const came = await plugins({type: 'remove', plugin: id}, {timeout: PATIENCE});
        this.#again();
        return `${id} ${version} was removed${came.unloaded ? '.' : ', and is still held in memory.'}`;
      },
    });
  }
}
