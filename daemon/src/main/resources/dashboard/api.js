// What the page asks the daemon, and as whom. All of it is calls to processes: see docs/protocol.md, Administration.

const TOKEN = 'genserverd.token';
const base = new URL('.', document.baseURI);

/** Tells `login` when the daemon wants to know who asks. */
export const access = new EventTarget();

/** A request that was refused, or got no answer. `code` is one of the protocol, or `unreachable`. */
export class Refused extends Error {
  constructor(code, message, details = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

/** Takes a token for the requests to come, or forgets it. It lives as long as the tab. */
export function useToken(token) {
  if (token) sessionStorage.setItem(TOKEN, token);
  else sessionStorage.removeItem(TOKEN);
}

/** A request with the token. */
export async function request(path, options = {}) {
  const headers = new Headers(options.headers);
  const token = sessionStorage.getItem(TOKEN);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  let response;
  try {
    response = await fetch(new URL(path, base), {...options, headers, cache: 'no-store', credentials: 'omit'});
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Refused('unreachable', 'The daemon does not answer.');
  }
  if (response.status === 401) access.dispatchEvent(new Event('login'));
  return response;
}

/**
 * Calls a process.
 *
 * @param timeout in milliseconds
 * @param exact whether numbers that JavaScript cannot hold come as `ExactNumber`
 */
export async function call(process, msg, {timeout = 5_000, signal, exact = false} = {}) {
  const response = await request(`v1/call/${encodeURIComponent(process)}?timeout=${timeout}`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(msg),
    signal,
  });
  const body = await response.text();
  if (!response.ok) throw refusal(response, body);
  return JSON.parse(body, exact ? exactly : undefined);
}

export const processes = (msg, options) => call('sys.processes', msg, options);
export const plugins = (msg, options) => call('sys.plugins', msg, options);

/** Why a response is no success. */
export function refusal(response, body) {
  try {
    const {code, message, details} = JSON.parse(body).error;
    return new Refused(code, message, details);
  } catch {
    const code = {401: 'unauthenticated', 403: 'forbidden'}[response.status] ?? 'unavailable';
    return new Refused(code, body.trim().slice(0, 300) || `The daemon answered with HTTP ${response.status}.`);
  }
}

/** A number in the digits in which it was written. */
export class ExactNumber {
  constructor(digits) {
    this.digits = digits;
  }
}

function exactly(_, value, context) {
  const isRounded = typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') && !Number.isSafeInteger(value);
  return isRounded ? new ExactNumber(context.source) : value;
}
