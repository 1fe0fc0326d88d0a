// A long list of which only what is seen is there: in the page, and asked of the daemon.

import {attribute, h} from './dom.js';

/** Browsers cannot lay out more pixels than some 16 million; from here on the bar moves faster than the rows. */
const TALLEST = 8_000_000;
/** Rows above and below those that are seen, so that a step shows no gap. */
const SPARE = 15;
const MOST = 1_000;

export class WindowedList {
  #rowHeight;
  #create;
  #show;
  #load;
  #open;
  #scroller;
  #space;
  #head = null;
  #rows = [];
  #total = 0;
  #from = 0;
  #items = [];
  #current = 0;
  #loading = null;
  #generation = 0;
  #timer = null;

  /**
   * @param create makes the element of a row, `show` has it show an item
   * @param load promises `total` and the `items` of a window, by its offset and limit
   * @param open is told which item was chosen
   */
  constructor({label, rowHeight, create, show, load, open, signal}) {
    this.#rowHeight = rowHeight;
    this.#create = create;
    this.#show = show;
    this.#load = load;
    this.#open = open;
    this.#space = h('div', {class: 'space', role: 'rowgroup'});
    this.#scroller = h('div', {class: 'scroller', role: 'grid', tabindex: 0, 'aria-label': label,
      on: {scroll: () => this.#scrolled(), keydown: e => this.#key(e), click: e => this.#clicked(e)}}, this.#space);
    const size = new ResizeObserver(() => this.#scrolled());
    size.observe(this.#scroller);
    signal.addEventListener('abort', () => {
      size.disconnect();
      clearTimeout(this.#timer);
    });
  }

  get element() {
    return this.#scroller;
  }

  /** What stays above the rows. */
  head(row) {
    this.#head = row;
    this.#scroller.prepend(row);
  }

  /** Another list begins: what was shown is of no use. */
  restart() {
    this.#generation++;
    this.#loading = null;
    this.#current = 0;
    this.#scroller.scrollTop = 0;
  }

  /** Asks again for what is seen. */
  async refresh() {
    const generation = this.#generation;
    const {first, last} = this.#visible();
    const from = Math.max(0, first - SPARE);
    const limit = Math.min(MOST, last - from + SPARE);
    this.#loading = {from, to: from + limit};
    const {total, items} = await this.#load(from, limit);
    if (generation !== this.#generation) return;
    this.#loading = null;
    this.#total = total;
    this.#from = from;
    this.#items = items;
    this.#render();
    if (!this.#covers(from, from + limit)) this.#scrolled(); // more of it is seen than when it was asked
  }

  #viewHeight() {
    return Math.max(this.#rowHeight, this.#scroller.clientHeight - (this.#head?.offsetHeight ?? 0));
  }

  #spaceHeight() {
    return Math.min(TALLEST, this.#total * this.#rowHeight);
  }

  /** How many pixels of the whole list are above what is seen. */
  #above() {
    const all = this.#total * this.#rowHeight;
    const bar = this.#spaceHeight() - this.#viewHeight();
    if (bar <= 0) return 0;
    return (Math.min(this.#scroller.scrollTop, bar) / bar) * (all - this.#viewHeight());
  }

  #visible() {
    const first = Math.floor(this.#above() / this.#rowHeight);
    return {first, last: first + Math.ceil(this.#viewHeight() / this.#rowHeight) + 1};
  }

  #covers(from, to) {
    const {first, last} = this.#visible();
    return first >= from && Math.min(last, this.#total) <= to;
  }

  #scrolled() {
    this.#render();
    if (this.#covers(this.#from, this.#from + this.#items.length)) return;
    if (this.#loading && this.#covers(this.#loading.from, this.#loading.to)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh().catch(() => {}), 40); // the next round tells what is wrong
  }

  #render() {
    this.#space.style.height = `${this.#spaceHeight()}px`;
    attribute(this.#scroller, 'aria-rowcount', this.#total);
    this.#current = Math.min(this.#current, Math.max(0, this.#total - 1));
    const {first, last} = this.#visible();
    const shown = Math.min(last, this.#total) - first;
    while (this.#rows.length < shown) {
      const row = this.#create();
      attribute(row, 'role', 'row');
      this.#rows.push(row);
      this.#space.append(row);
    }
    // Where the bar moves faster than the rows, these still stand where they are seen.
    const shift = this.#scroller.scrollTop - this.#above();
    this.#rows.forEach((row, i) => {
      const index = first + i;
      const item = this.#items[index - this.#from];
      row.hidden = i >= shown;
      if (row.hidden) return;
      row.style.transform = `translateY(${index * this.#rowHeight + shift}px)`;
      row.classList.toggle('blank', item === undefined);
      row.classList.toggle('current', index === this.#current);
      row.id = `row-${index}`;
      row.dataset.index = index;
      attribute(row, 'aria-rowindex', index + 1);
      attribute(row, 'aria-selected', index === this.#current ? 'true' : 'false');
      if (item !== undefined) this.#show(row, item);
    });
    attribute(this.#scroller, 'aria-activedescendant', this.#total > 0 ? `row-${this.#current}` : null);
  }

  #key(e) {
    const page = Math.max(1, Math.floor(this.#viewHeight() / this.#rowHeight) - 1);
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity}[e.key];
    if (step !== undefined && e.target === this.#scroller) {
      this.#current = Math.min(Math.max(0, this.#current + step), Math.max(0, this.#total - 1));
      this.#reveal();
      this.#render();
      e.preventDefault();
    } else if (e.key === 'Enter' && e.target === this.#scroller) {
      const item = this.#items[this.#current - this.#from];
      if (item !== undefined) this.#open(item);
    }
  }

  #reveal() {
    const top = this.#current * this.#rowHeight;
    const above = this.#above();
    let next = above;
    if (top < above) next = top;
    else if (top + this.#rowHeight > above + this.#viewHeight()) next = top + this.#rowHeight - this.#viewHeight();
    const scale = Math.max(1, this.#total * this.#rowHeight - this.#viewHeight());
    const bar = Math.max(0, this.#spaceHeight() - this.#viewHeight());
    if (next !== above) this.#scroller.scrollTop = (next / scale) * bar;
  }

  #clicked(e) {
    const row = e.target.closest('[data-index]');
    if (row === null || e.target.closest('a')) return;
    this.#current = Number(row.dataset.index);
    const item = this.#items[this.#current - this.#from];
    if (item !== undefined) this.#open(item);
  }
}
