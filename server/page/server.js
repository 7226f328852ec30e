// Requests to the server: with the token, once there is one, and with the server's own words where it refuses.

let token = '';

export function setToken(text) {
  token = text;
}

export function hasToken() {
  return token !== '';
}

class Refusal extends Error {
  constructor(status, code, message, wait) {
    super(message);
    Object.assign(this, {status, code, wait});
  }
}

async function refusalOf(response) {
  let code = '', message = `The server answers ${response.status} ${response.statusText}`;
  try {
    ({code, message} = (await response.json()).error);
  } catch { /* not from clipsight itself */ }
  return new Refusal(response.status, code, message, Number(response.headers.get('Retry-After')) || 2);
}

// The response, where the server grants it.
export async function request(path, options) {
  const response = await fetch(path, {...options, headers: token ? {Authorization: `Bearer ${token}`} : {}});
  if (!response.ok) throw await refusalOf(response);
  return response;
}

export function reasonOf(error) {
  return error instanceof Refusal ? error.message : 'The server cannot be reached.';
}

// Whether the same request may be granted later.
export function isPassing(error) {
  return !(error instanceof Refusal) || error.status >= 500;
}
