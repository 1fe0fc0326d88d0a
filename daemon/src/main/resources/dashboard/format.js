// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});

/** A count in full: 12,345. */
export function count(n) {
  return whole.format(n);
}

/** A count where there is little room: 12.3K. */
export function brief(n) {
  return n < 10_000 ? whole.format(Math.round(n)) : short.format(n);
}

/** So many a second. */
export function rate(n) {
  return n < 10 && !Number.isInteger(n) ? n.toFixed(1) : brief(n);
}

export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${n < 10 && unit > 0 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

/** A time that is measured in microseconds. */
export function micros(us) {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${us < 10_000 && us % 1_000 !== 0 ? (us / 1_000).toFixed(1) : Math.round(us / 1_000)} ms`;
  return `${(us / 1_000_000).toFixed(1)} s`;
}

/** A time that is measured in milliseconds. */
export function duration(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function percent(part) {
  const value = Math.round(part * 1_000) / 10;
  return `${value < 10 ? value : Math.round(value)} %`;
}

/** The time of day in the time zone of the reader. */
export function clock(ms) {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(n => String(n).padStart(2, '0')).join(':');
}

/** `1 process`, `2 processes`. */
export function plural(n, one, many = one + 's') {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A class without its packages. */
export function simple(className) {
  const last = className.slice(className.lastIndexOf('.') + 1).replace(/\$\$Lambda.*$/, ' λ');
  return last.replace(/^.*\$(?=[A-Za-z])/, '');
}
