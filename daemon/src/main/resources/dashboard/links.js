// Where things are shown.

/** The page of a process. */
export function processHref(process) {
  return `#/process/${encodeURIComponent(process)}`;
}

/** Writes parameters into the address, so that it can be passed on; makes no step of the history. */
export function remember(view, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  history.replaceState(null, '', `#/${view}${query.size > 0 ? '?' + query : ''}`);
}
