// Brings a new plugin, or a new version of one. The daemon tries it first and tells what would happen.

import {plugins} from './api.js';
import {showProblem} from './confirm.js';
import {attribute, h} from './dom.js';
import {count, duration, micros, plural} from './format.js';
import {mark} from './status.js';
import {notice} from './notices.js';
import {upload} from './upload.js';

const PATIENCE = 120_000;

/** Opens the dialog for a new plugin. */
export function deployDialog(then) {
  new Dialog({
    title: 'Deploy a plugin',
    says: 'The jar is checked, loaded, and its processes are started. A jar that is refused changes nothing.',
    options: [],
    attempt: async number => {
      const {id, version} = await plugins({type: 'verify', upload: number}, {timeout: PATIENCE});
      return [`The jar is fine: plugin ${id} ${version}.`];
    },
    button: 'Deploy it',
    work: async number => {
      const came = await plugins({type: 'deploy', upload: number}, {timeout: PATIENCE});
      return `Plugin ${came.id} ${came.version} was deployed, ${plural(came.processes, 'process', 'processes')} started.${came.kept ? '' : ' Its jar could not be kept for the next start.'}`;
    },
    then,
  }).open();
}

/** Opens the dialog for a new version of a plugin. */
export function upgradeDialog(plugin, then) {
  const canary = numberField('canary', 'Canary, in percent of its dynamic children', 'all at once', 1, 100);
  const probation = numberField('probation', 'Probation, in seconds', 'none', 1, 604_800);
  const force = h('input', {type: 'checkbox', id: 'force'});
  const wishes = () => ({
    ...(canary.input.value ? {canary: Number(canary.input.value)} : {}),
    ...(probation.input.value ? {probation: Number(probation.input.value) * 1_000} : {}),
    ...(force.checked ? {force: true} : {}),
  });
  const upgrade = (number, dryRun) => {
    const {canary: part, ...others} = wishes();
    return plugins({type: 'upgrade', upload: number, ...others, ...(dryRun ? {dry_run: true} : part ? {canary: part} : {})}, {timeout: PATIENCE});
  };
  new Dialog({
    title: `Upgrade ${plugin.id} ${plugin.version}`,
    says: 'The new version takes over under the running processes: their states are carried over, and what waits in their mailboxes is kept. It is tried first, without changing anything.',
    options: [canary.element, probation.element, h('label', {class: 'check'}, force, 'go on though callers can send less')],
    attempt: async number => {
      const would = await upgrade(number, true);
      return [
        `${would.id} ${would.from} would become ${would.to}.`,
        `${plural(would.processes, 'process', 'processes')} would change code, each pausing for about ${micros(would.pause_us)}.`,
        would.started.length > 0 ? `Started with it: ${would.started.join(', ')}.` : null,
        would.ended.length > 0 ? `Ended by it, with their states: ${would.ended.join(', ')}.` : null,
        would.broken.length > 0 ? `Callers could send no longer: ${would.broken.join('; ')}.` : null,
      ].filter(Boolean);
    },
    button: 'Upgrade now',
    work: async number => {
      const came = await upgrade(number, false);
      const watched = came.probation_ms ? ` It is on probation for ${duration(came.probation_ms)}.` : '';
      const part = came.canary ? ` ${count(came.canary)} % try it first.` : '';
      return `${came.id} ${came.from} became ${came.to} under ${plural(came.processes, 'process', 'processes')}.${part}${watched}`;
    },
    then,
  }).open();
}

function numberField(id, label, placeholder, min, max) {
  const input = h('input', {type: 'number', id, placeholder, min, max, step: 1});
  return {input, element: h('div', {class: 'field'}, h('label', {for: id}, label), input)};
}

/** Chooses a file, tries it, and does it: each step after the one before. */
class Dialog {
  #settings;
  #file = h('input', {type: 'file', id: 'jar', accept: '.jar', autofocus: true, on: {change: () => this.#start()}});
  #progress = h('progress', {max: 1, value: 0, hidden: true, 'aria-label': 'Upload'});
  #outcome = h('div', {class: 'outcome', role: 'status'});
  #problem = h('p', {class: 'problem', role: 'alert', hidden: true});
  #try = h('button', {type: 'button', class: 'primary', disabled: true, on: {click: () => this.#attempt()}}, 'Try it');
  #go;
  #cancel = h('button', {type: 'button', on: {click: () => this.#dialog.close()}}, 'Cancel');
  #dialog;

  constructor(settings) {
    this.#settings = settings;
    this.#go = h('button', {type: 'button', class: 'danger', hidden: true, on: {click: () => this.#work()}}, settings.button);
    this.#dialog = h('dialog', {class: 'ask', 'aria-labelledby': 'question'},
      h('h2', {id: 'question'}, settings.title), h('p', {}, settings.says),
      h('div', {class: 'field'}, h('label', {for: 'jar'}, 'Jar'), this.#file),
      settings.options, this.#progress, this.#outcome, this.#problem,
      h('div', {class: 'buttons'}, this.#cancel, this.#try, this.#go));
    this.#dialog.addEventListener('close', () => this.#dialog.remove());
    this.#dialog.addEventListener('change', () => this.#start());
  }

  open() {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }

  /** What was tried is not what would be done any more. */
  #start() {
    this.#outcome.replaceChildren();
    this.#problem.hidden = true;
    this.#go.hidden = true;
    this.#try.hidden = false;
    attribute(this.#try, 'disabled', this.#file.files.length === 0);
  }

  async #busy(work) {
    const buttons = [this.#try, this.#go];
    for (const button of buttons) attribute(button, 'disabled', true);
    attribute(this.#dialog, 'aria-busy', true);
    this.#problem.hidden = true;
    try {
      return await work();
    } catch (e) {
      const problems = e.details?.problems ?? [];
      showProblem(this.#problem, e);
      if (problems.length > 1) this.#problem.append(h('ul', {}, problems.map(each => h('li', {}, String(each)))));
      return undefined;
    } finally {
      this.#progress.hidden = true;
      for (const button of buttons) attribute(button, 'disabled', false);
      attribute(this.#dialog, 'aria-busy', false);
    }
  }

  async #upload() {
    const [file] = this.#file.files;
    this.#progress.hidden = false;
    this.#progress.value = 0;
    const bytes = new Uint8Array(await file.arrayBuffer());
    return upload(file, bytes, part => (this.#progress.value = part));
  }

  async #attempt() {
    const found = await this.#busy(async () => this.#settings.attempt(await this.#upload()));
    if (found === undefined) return;
    this.#outcome.replaceChildren(...found.map((line, i) => h('p', {}, i === 0 ? mark('good') : null, line)));
    this.#try.hidden = true;
    this.#go.hidden = false;
    this.#go.focus();
  }

  async #work() {
    const came = await this.#busy(async () => this.#settings.work(await this.#upload()));
    if (came === undefined) return;
    this.#dialog.close();
    notice(came);
    this.#settings.then();
  }
}
