// Builds elements. Whatever comes from the daemon is text: nothing here takes HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** An element. `props` are attributes; `on` holds listeners, by the names of their events. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else {
      attribute(element, name, value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets an attribute, or removes it where the value is false, null or undefined. Leaves alone what is so already. */
export function attribute(element, name, value) {
  if (value === false || value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else {
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Sets the text of an element, if it is another one. */
export function text(element, value) {
  const next = String(value);
  if (element.textContent !== next) element.textContent = next;
  return element;
}

/**
 * Has a container show an element for each item, in their order. Elements of items that stay, by their key, are kept:
 * with them the focus, what is selected and what is scrolled.
 */
export function keyed(container, items, key, create, update) {
  const before = container.keyedElements ?? new Map();
  const after = new Map();
  let last = null;
  for (const item of items) {
    const id = key(item);
    if (after.has(id)) continue;
    const element = before.get(id) ?? create(item);
    update?.(element, item);
    after.set(id, element);
    const next = last === null ? container.firstChild : last.nextSibling;
    if (next !== element) container.insertBefore(element, next);
    last = element;
  }
  for (const [id, element] of before) if (!after.has(id)) element.remove();
  container.keyedElements = after;
}
