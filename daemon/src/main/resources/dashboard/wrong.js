// What is wrong now.

import {plugins, processes, request} from './api.js';
import {attribute, h, keyed} from './dom.js';
import {count, percent, plural} from './format.js';
import {processHref} from './links.js';
import {latest, samples} from './live.js';
import {mark} from './status.js';

const RECENT = 5 * 60_000;
/** A queue of so many messages is worth a look. */
const LONG_QUEUE = 100;
const FULL_HEAP = 0.9;

/** A card with a line for each thing that wants a look. */
export class Wrong {
  #title = h('h2', {});
  #list = h('ul', {class: 'problems'});
  #looked = [];
  #ofPlugins = [];
  element = h('section', {class: 'card wrong', 'aria-label': 'What is wrong now'}, this.#title, this.#list);

  /** Asks for what no sample tells. */
  async look(signal) {
    const [ready, held] = await Promise.all([
      request('readyz', {signal}).then(async answer => (answer.ok ? null : (await answer.text()).trim())),
      processes({type: 'find', status: 'suspended', limit: 3}, {signal}),
    ]);
    this.#looked = [...(ready === null ? [] : [{tone: 'bad', words: ready.replace(/^not ready/, 'Not ready')}]), ...suspended(held)];
    this.show();
  }

  /** The daemon counts all that plugins take for this, so it is asked seldom. */
  async lookAtPlugins(signal) {
    this.#ofPlugins = fromPlugins(await plugins({type: 'list'}, {signal}));
    this.show();
  }

  show() {
    const found = [...this.#looked, ...this.#ofPlugins, ...fromSamples()];
    const problems = [...found.filter(isBad), ...found.filter(problem => !isBad(problem))];
    const bad = problems.some(isBad);
    attribute(this.element, 'data-tone', problems.length === 0 ? 'good' : bad ? 'bad' : 'warn');
    this.#title.replaceChildren(
      mark(problems.length === 0 ? 'good' : bad ? 'bad' : 'warn'),
      problems.length === 0 ? 'All is well' : plural(problems.length, 'thing wants', 'things want') + ' a look',
    );
    keyed(this.#list, problems, problem => problem.words, problem => h('li', {},
      mark(problem.tone), h('span', {}, problem.words), problem.href ? h('a', {href: problem.href}, problem.look) : null));
  }
}

function suspended(held) {
  if (held.matching === 0) return [];
  const names = held.lines.map(line => line.name ?? line.pid).join(', ');
  const more = held.matching > held.lines.length ? ` and ${count(held.matching - held.lines.length)} more` : '';
  return [{tone: 'warn', words: `Suspended, taking no messages: ${names}${more}.`, href: '#/processes?status=suspended', look: 'Show'}];
}

function fromPlugins(known) {
  return [
    ...known.problems.map(problem => ({tone: 'bad', words: problem, href: '#/plugins', look: 'Plugins'})),
    ...known.leaking.map(leak => ({
      tone: 'warn',
      words: `Plugin ${leak.id} ${leak.version} was removed and stays in memory.`,
      href: '#/plugins',
      look: 'What holds it',
    })),
    ...known.plugins.filter(plugin => plugin.probation_ms).map(plugin => ({
      tone: 'warn',
      words: `Plugin ${plugin.id} ${plugin.version} is on probation.`,
      href: '#/plugins',
      look: 'Plugins',
    })),
  ];
}

function isBad(problem) {
  return problem.tone === 'bad';
}

function fromSamples() {
  const now = latest();
  if (!now) return [];
  const first = samples.find(sample => sample !== null && now.at_ms - sample.at_ms <= RECENT && sample.uptime_ms <= now.uptime_ms);
  const minutes = Math.max(1, Math.round((now.at_ms - first.at_ms) / 60_000));
  const span = minutes === 1 ? 'the last minute' : `the last ${minutes} minutes`;
  const found = [];
  const crashes = now.crashes - first.crashes;
  if (crashes > 0) {
    found.push({tone: 'bad', words: `${plural(crashes, 'process has', 'processes have')} crashed in ${span}.`, href: '#/events?level=ERROR', look: 'Crash reports'});
  }
  const longest = now.longest_queue;
  if (longest && longest.queued >= LONG_QUEUE) {
    found.push({tone: 'warn', words: `${count(longest.queued)} messages wait for ${longest.process}.`, href: processHref(longest.process), look: 'Why'});
  }
  for (const [code, total] of Object.entries(now.errors)) {
    const recent = total - (first.errors[code] ?? 0);
    if (recent > 0) found.push({tone: 'warn', words: `${plural(recent, 'request')} failed with ${code} in ${span}.`});
  }
  if (now.heap_used_bytes > FULL_HEAP * now.heap_max_bytes) {
    found.push({tone: 'warn', words: `The heap is ${percent(now.heap_used_bytes / now.heap_max_bytes)} full.`});
  }
  return found;
}
