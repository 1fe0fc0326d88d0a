// Small line charts over the last minutes. All of them share one cross-hair: what was at that second is told by each.

import {attribute, h, svg, text} from './dom.js';
import {clock, plural} from './format.js';

/** As much is shown, in minutes: more when there is more. */
const SPANS = [1, 2, 5];
const HEIGHT = 104;
const TOP = 16;
const BOTTOM = 16;

const crosshair = new EventTarget();
let pointedAt = null;

function point(at) {
  pointedAt = at;
  crosshair.dispatchEvent(new Event('moved'));
}

/** A round number that is not below `n`, so that two lines divide the chart well. */
export function ceiling(n) {
  if (!(n > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 4, 5, 10].map(step => step * power).find(step => step >= n * 0.999);
}

/** The same for bytes, which are counted in powers of 1024. */
export function ceilingOfBytes(n) {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(1, n)) / 10));
  const round = ceiling(n / unit);
  return (round === 1_000 ? 1_024 : round) * unit;
}

/** A card with a title, a number that matters most, a chart, and what its lines mean. */
export class LineChart {
  #series;
  #format;
  #least;
  #ceiling;
  #samples = [];
  #lines;
  #figure;
  #svg;
  #plot;
  #cross;
  #labels;
  #legend;
  #shownAt;
  #title;
  #headline;
  #width = 300;
  #minutes = SPANS[0];

  /**
   * @param title what it shows
   * @param series objects of `name`, `value` (of a sample) and, of the first, whether it is to be `filled`
   * @param format of a value
   * @param headline the number that matters most, of a sample: an object of `value` and `unit`
   * @param least what the scale has at least, so that nothing does not look like much
   * @param upTo makes a round number that is not below one
   */
  constructor({title, series, format, headline, least = 0, upTo = ceiling, signal}) {
    this.#title = title;
    this.#series = series;
    this.#format = format;
    this.#headline = headline;
    this.#least = least;
    this.#ceiling = upTo;
    this.#build();
    const size = new ResizeObserver(([entry]) => {
      this.#width = Math.max(120, Math.round(entry.contentRect.width));
      this.#draw();
    });
    size.observe(this.#svg.parentNode);
    signal.addEventListener('abort', () => {
      size.disconnect();
      pointedAt = null;
    });
    crosshair.addEventListener('moved', () => this.#tell(), {signal});
  }

  get element() {
    return this.#figure;
  }

  #build() {
    this.#lines = this.#series.map((each, i) => ({
      area: each.filled ? svg('path', {class: `area s${i + 1}`}) : null,
      line: svg('path', {class: `line s${i + 1}`}),
      dot: svg('circle', {class: `dot s${i + 1}`, r: 3, visibility: 'hidden'}),
    }));
    this.#labels = [0, 1, 2].map(() => svg('text', {class: 'scale'}));
    this.#cross = svg('line', {class: 'cross', y1: TOP, y2: HEIGHT - BOTTOM, visibility: 'hidden'});
    this.#plot = [0, 1, 2].map(() => svg('line', {class: 'grid'}));
    const ages = [
      svg('text', {class: 'age', x: 0, y: HEIGHT - 3}),
      svg('text', {class: 'age end', y: HEIGHT - 3}, 'now'),
    ];
    this.#svg = svg(
      'svg',
      {
        role: 'img',
        tabindex: 0,
        height: HEIGHT,
        on: {
          pointermove: e => this.#pointed(e),
          pointerleave: () => point(null),
          blur: () => point(null),
          keydown: e => this.#key(e),
        },
      },
      this.#plot,
      this.#lines.flatMap(each => [each.area, each.line]),
      this.#cross,
      this.#lines.map(each => each.dot),
      this.#labels,
      ages,
    );
    this.#shownAt = h('span', {class: 'at'});
    this.value = h('span', {class: 'value'});
    this.unit = h('span', {class: 'unit'});
    this.#legend = this.#series.map((each, i) => {
      const value = h('b');
      return {value, item: h('li', {class: `s${i + 1}`}, key(i + 1), h('span', {}, each.name), value)};
    });
    this.#figure = h(
      'figure',
      {class: 'card chart'},
      h('figcaption', {}, h('div', {class: 'caption'}, h('h2', {}, this.#title), this.#shownAt), h('p', {class: 'headline'}, this.value, ' ', this.unit)),
      h('div', {class: 'plot'}, this.#svg),
      h('ul', {class: 'legend'}, this.#legend.map(each => each.item)),
    );
  }

  /** Other lines, where these come with what happens. */
  series(series) {
    if (series.length === this.#series.length && series.every((each, i) => each.name === this.#series[i].name)) return;
    const old = this.#figure;
    const observed = this.#svg.parentNode;
    this.#series = series;
    this.#build();
    const fresh = this.#figure;
    observed.replaceChildren(this.#svg);
    fresh.querySelector('.plot').replaceWith(observed);
    old.replaceChildren(...fresh.childNodes);
    this.#figure = old;
  }

  update(samples) {
    this.#samples = samples;
    this.#draw();
  }

  #now() {
    return this.#samples.findLast(sample => sample !== null)?.at_ms ?? 0;
  }

  get #span() {
    return this.#minutes * 60_000;
  }

  #x(at) {
    return this.#width * (1 - (this.#now() - at) / this.#span);
  }

  #draw() {
    const history = this.#now() - (this.#samples.find(sample => sample !== null)?.at_ms ?? 0);
    this.#minutes = SPANS.find(minutes => history <= minutes * 60_000) ?? SPANS.at(-1);
    const since = this.#now() - this.#span;
    const visible = this.#samples.filter(sample => sample === null || sample.at_ms >= since - 2_000);
    const values = visible.filter(Boolean).flatMap(sample => this.#series.map(each => each.value(sample) ?? 0));
    const top = this.#ceiling(Math.max(this.#least, ...values, 0));
    const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    attribute(this.#svg, 'viewBox', `0 0 ${this.#width} ${HEIGHT}`);
    this.#plot.forEach((line, i) => {
      const at = Math.round(y((top * i) / 2)) + 0.5;
      for (const [name, value] of Object.entries({x1: 0, x2: this.#width, y1: at, y2: at})) attribute(line, name, value);
      const label = this.#labels[i];
      attribute(label, 'x', 2);
      attribute(label, 'y', at - 3);
      text(label, i === 0 ? '' : this.#format((top * i) / 2));
    });
    text(this.#svg.querySelector('.age'), `${this.#minutes} min ago`);
    attribute(this.#svg.querySelector('.age.end'), 'x', this.#width);
    this.#series.forEach((each, i) => {
      const path = this.#path(visible, each.value, y);
      attribute(this.#lines[i].line, 'd', path.line);
      if (this.#lines[i].area) attribute(this.#lines[i].area, 'd', path.area);
    });
    this.top = top;
    this.#tell();
  }

  #path(samples, value, y) {
    let line = '';
    let area = '';
    let run = [];
    const base = HEIGHT - BOTTOM;
    const end = () => {
      if (run.length > 0) {
        const points = run.map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join('L');
        line += `M${points}L${run.at(-1)[0].toFixed(1)} ${run.at(-1)[1].toFixed(1)}`; // one point alone is a dot
        area += `M${run[0][0].toFixed(1)} ${base}L${points}L${run.at(-1)[0].toFixed(1)} ${base}Z`;
      }
      run = [];
    };
    for (const sample of samples) {
      const number = sample === null ? null : value(sample);
      if (number === null || number === undefined) end();
      else run.push([this.#x(sample.at_ms), y(number)]);
    }
    end();
    return {line, area};
  }

  /** Says the numbers of the second that is pointed at, or else of the last one. */
  #tell() {
    const shown = pointedAt === null ? null : this.#nearest(pointedAt);
    const sample = shown ?? this.#samples.findLast(each => each !== null);
    attribute(this.#cross, 'visibility', shown ? 'visible' : 'hidden');
    text(this.#shownAt, shown ? `at ${clock(shown.at_ms)}` : '');
    if (sample === undefined || sample === null) return;
    const x = this.#x(sample.at_ms);
    attribute(this.#cross, 'x1', x);
    attribute(this.#cross, 'x2', x);
    this.#series.forEach((each, i) => {
      const value = each.value(sample);
      const there = value !== null && value !== undefined;
      text(this.#legend[i].value, there ? this.#format(value) : '–');
      attribute(this.#lines[i].dot, 'visibility', shown && there ? 'visible' : 'hidden');
      if (there) {
        attribute(this.#lines[i].dot, 'cx', x);
        attribute(this.#lines[i].dot, 'cy', TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / this.top));
      }
    });
    const headline = this.#headline(sample);
    text(this.value, headline.value);
    text(this.unit, headline.unit);
    const said = this.#series.map((each, i) => `${each.name} ${this.#legend[i].value.textContent}`).join(', ');
    attribute(this.#svg, 'aria-label', `${this.#title}, the last ${plural(this.#minutes, 'minute')}. ${shown ? 'Then' : 'Now'}: ${said}`);
  }

  #nearest(at) {
    let best = null;
    for (const sample of this.#samples) {
      if (sample && (best === null || Math.abs(sample.at_ms - at) < Math.abs(best.at_ms - at))) best = sample;
    }
    return best;
  }

  #pointed(e) {
    const box = this.#svg.getBoundingClientRect();
    point(this.#now() - this.#span * (1 - (e.clientX - box.left) / box.width));
  }

  #key(e) {
    const step = {ArrowLeft: -5_000, ArrowRight: 5_000}[e.key];
    if (step !== undefined) {
      const next = (pointedAt ?? this.#now()) + step;
      point(Math.min(this.#now(), Math.max(this.#now() - this.#span, next)));
      e.preventDefault();
    } else if (e.key === 'Escape') {
      point(null);
    }
  }
}

/** A piece of a line as the chart draws it. */
function key(number) {
  return svg('svg', {class: 'key', width: 18, height: 8, 'aria-hidden': 'true'},
    svg('path', {class: `line s${number}`, d: 'M1 4H17'}));
}
