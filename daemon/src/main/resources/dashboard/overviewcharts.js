// The charts of the overview.

import {LineChart, ceilingOfBytes} from './chart.js';
import {brief, bytes, count, micros, percent, plural, rate} from './format.js';
import {latest} from './live.js';

/** Objects of an `element`, and `show`, which is told the samples. */
export function overviewCharts(signal) {
  const make = options => new LineChart({...options, signal});
  const fixed = options => {
    const chart = make(options);
    return {element: chart.element, show: all => chart.update(all)};
  };
  return [
    fixed({
      title: 'Requests',
      series: [
        {name: 'calls', value: s => s.call_rate, filled: true},
        {name: 'casts', value: s => s.cast_rate},
      ],
      format: rate,
      headline: s => ({value: rate((s.call_rate ?? 0) + (s.cast_rate ?? 0)), unit: 'a second'}),
      least: 4,
    }),
    fixed({
      title: 'Latency of calls',
      series: [
        {name: 'p50', value: s => answered(s, 'p50'), filled: true},
        {name: 'p90', value: s => answered(s, 'p90')},
        {name: 'p99', value: s => answered(s, 'p99')},
      ],
      format: micros,
      headline: s => (s.latency_us.count > 0 ? {value: micros(s.latency_us.p99), unit: 'p99'} : {value: '–', unit: 'no calls now'}),
      least: 1_000,
    }),
    errorsChart(make),
    fixed({
      title: 'Waiting messages',
      series: [
        {name: 'all queues', value: s => s.queued, filled: true},
        {name: 'longest', value: s => s.longest_queue?.queued ?? 0},
      ],
      format: brief,
      headline: s => ({value: brief(s.queued), unit: 'in mailboxes'}),
      least: 10,
    }),
    fixed({
      title: 'Memory',
      series: [{name: 'heap in use', value: s => s.heap_used_bytes, filled: true}],
      format: bytes,
      headline: s => ({value: bytes(s.heap_used_bytes), unit: `of ${bytes(s.heap_max_bytes)}`}),
      least: 32 << 20,
      upTo: ceilingOfBytes,
    }),
    fixed({
      title: 'CPU',
      series: [
        {name: 'cores', value: s => s.cpu, filled: true},
        {name: 'in garbage collection', value: s => s.gc_part},
      ],
      format: n => (n < 0.1 && n > 0 ? n.toFixed(3) : n.toFixed(2)),
      headline: s => ({value: percent(s.cpu), unit: 'of a core'}),
      least: 0.1,
    }),
    fixed({
      title: 'Clients',
      series: [
        {name: 'connections', value: s => s.connections, filled: true},
        {name: 'open calls', value: s => s.open_calls},
      ],
      format: brief,
      headline: s => ({value: brief(s.connections), unit: s.connections === 1 ? 'connection' : 'connections'}),
      least: 4,
    }),
    fixed({
      title: 'Processes',
      series: [{name: 'alive', value: s => s.processes, filled: true}],
      format: brief,
      headline: s => ({value: count(s.processes), unit: `${plural(s.restarts, 'restart')}, ${plural(s.crashes, 'crash', 'crashes')}`}),
      least: 10,
    }),
  ];
}

/** Without calls there is no latency, rather than one of nothing. */
function answered(sample, quantile) {
  return sample.latency_us.count > 0 ? sample.latency_us[quantile] : null;
}

/** A line for each of the codes that there were most of. */
function errorsChart(make) {
  const none = [{name: 'no errors', value: () => 0}];
  const chart = make({
    title: 'Errors',
    series: none,
    format: rate,
    headline: s => ({value: rate(s.error_rate), unit: 'a second'}),
    least: 4,
  });
  const show = all => {
    const totals = latest().errors;
    const codes = Object.keys(totals).filter(code => totals[code] > 0).sort((a, b) => totals[b] - totals[a]).slice(0, 4).sort();
    const series = codes.map(code => ({name: code, value: s => s.error_rates[code] ?? (s.call_rate === null ? null : 0)}));
    chart.series(series.length > 0 ? series : none);
    chart.update(all);
  };
  return {element: chart.element, show};
}
