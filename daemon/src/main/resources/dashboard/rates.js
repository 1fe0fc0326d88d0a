// Charts of what the counters of one process say.

import {LineChart} from './chart.js';
import {h} from './dom.js';
import {brief, percent, rate} from './format.js';

const KEPT = 600;

/** Gathers its history itself, from each `info` that it is told. */
export class Rates {
  #samples = [];
  #before = null;
  #charts;
  element;

  constructor(signal) {
    const chart = options => new LineChart({...options, signal});
    this.#charts = [
      chart({
        title: 'Messages taken',
        series: [{name: 'taken', value: s => s.received, filled: true}, {name: 'replied', value: s => s.replied}],
        format: rate,
        headline: s => ({value: s.received === null ? '…' : rate(s.received), unit: 'a second'}),
        least: 4,
      }),
      chart({
        title: 'At work',
        series: [{name: 'of the time', value: s => s.busy, filled: true}],
        format: percent,
        headline: s => ({value: s.busy === null ? '…' : percent(s.busy), unit: 'of the time'}),
        least: 0.1,
      }),
      chart({
        title: 'Mailbox',
        series: [{name: 'waiting', value: s => s.queued, filled: true}],
        format: brief,
        headline: s => ({value: brief(s.queued), unit: 'messages wait'}),
        least: 10,
      }),
    ];
    this.element = h('section', {class: 'charts three', 'aria-label': 'The last minutes'}, this.#charts.map(each => each.element));
  }

  add(info) {
    const at = Date.now();
    const before = this.#before?.pid === info.pid ? this.#before : null;
    const perSecond = name => (before && info[name] !== undefined ? Math.max(0, (info[name] - before[name]) / ((at - before.at) / 1_000)) : null);
    if (this.#before && (before === null || at - before.at > 10_000)) this.#samples.push(null);
    const busy = perSecond('busy_ms');
    this.#samples.push({
      at_ms: at, queued: info.queued, received: perSecond('received'), replied: perSecond('replied'),
      busy: busy === null ? null : Math.min(1, busy / 1_000),
    });
    this.#samples.splice(0, this.#samples.length - KEPT);
    this.#before = {...info, at};
    for (const chart of this.#charts) chart.update(this.#samples);
  }
}
