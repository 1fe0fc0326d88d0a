// How the daemon does, and what is wrong now.

import {Busiest, Waiting} from './busiest.js';
import {h, keyed, text} from './dom.js';
import {logLine} from './events.js';
import {duration, plural} from './format.js';
import {latest, lines, live, samples} from './live.js';
import {overviewCharts} from './overviewcharts.js';
import {poll} from './poll.js';
import {Wrong} from './wrong.js';

export function overviewView({signal}) {
  const facts = h('p', {class: 'facts'});
  const wrong = new Wrong();
  const charts = overviewCharts(signal);
  const busiest = new Busiest();
  const waiting = new Waiting();
  const events = h('ol', {class: 'log brief'});

  function onSample() {
    const sample = latest();
    if (!sample) return;
    text(facts, factsOf(sample));
    for (const chart of charts) chart.show(samples);
    wrong.show();
  }

  function onLog() {
    keyed(events, lines.slice(-8).reverse(), line => `${line.at_ms}/${line.seq}`, logLine);
  }

  live.addEventListener('sample', onSample, {signal});
  live.addEventListener('log', onLog, {signal});
  poll(() => wrong.look(signal), {every: 5_000, signal});
  poll(() => wrong.lookAtPlugins(signal), {every: 10_000, respect: 100, longest: 60_000, signal});
  poll(() => Promise.all([busiest.look(signal), waiting.look(signal)]), {every: 2_000, signal});
  onSample();
  onLog();

  return [
    h('div', {class: 'heading'}, h('h1', {tabindex: -1}, 'Overview'), facts),
    wrong.element,
    h('section', {class: 'charts', 'aria-label': 'The last minutes'}, charts.map(chart => chart.element)),
    h('div', {class: 'columns'},
      h('div', {},
        h('section', {class: 'card'}, h('div', {class: 'cardhead'}, h('h2', {}, 'Busiest now'),
          h('a', {href: '#/processes?sort=busy&descending=true'}, 'All by time at work')), busiest.element),
        h('section', {class: 'card'}, h('div', {class: 'cardhead'}, h('h2', {}, 'Where messages wait'),
          h('a', {href: '#/processes?sort=queued&descending=true'}, 'All by queue')), waiting.element)),
      h('section', {class: 'card'}, h('div', {class: 'cardhead'}, h('h2', {}, 'Latest events'),
        h('a', {href: '#/events'}, 'All events')), events)),
  ];
}

function factsOf(sample) {
  return `up ${duration(sample.uptime_ms)} · ${plural(sample.processes, 'process', 'processes')} · ${plural(sample.plugins, 'plugin')} · ${plural(sample.connections, 'connection')}`;
}
