// The first view's requests while they run, and what is said of them: one at a time, with the passing seconds and a way
// to stop it.
import {$, hide} from './common.js';
import {Latest} from './latest.js';
import {isPassing, reasonOf, request} from './server.js';
import {askForToken} from './token.js';

const asking = new Latest();
let failed = () => {}; // what "Try again" does

export function say(text) {
  $('status').textContent = text;
}

export function complain(text, again) {
  $('problem-text').textContent = text;
  if (again) $('retry').hidden = false;
  else hide($('retry'), $('status'));
  $('problem').hidden = !text;
  failed = again;
}

// again: what came to nothing.
export function explain(error, again) {
  say('');
  if (error.status === 401) askForToken(again);
  else complain(reasonOf(error), isPassing(error) ? again : null);
}

// Whatever is under way comes to nothing, and has nothing more to say.
export function abandon() {
  asking.end();
  $('seconds').textContent = '';
  $('busy').hidden = true;
  hide($('stop'), $('status'));
}

// The seconds stand outside of what a screen reader is told of.
function countSeconds() {
  const start = performance.now();
  return setInterval(() => {
    const seconds = Math.floor((performance.now() - start) / 1000);
    if (seconds > 1) $('seconds').textContent = `${seconds} s`;
  }, 1000);
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('stopped', 'AbortError'));
    });
  });
}

// A server whose queue is full says when to come back: the page does, three times.
async function send(path, form, what, signal) {
  for (let round = 0; ; round++) {
    say(what);
    try {
      return await (await request(path, {method: 'POST', body: form, signal})).json();
    } catch (error) {
      if (error.code !== 'queue_full' || round === 3) throw error;
      say(`The server is busy. Next try in ${error.wait} s…`);
      await pause(error.wait, signal);
    }
  }
}

export function isAsking() {
  return !$('busy').hidden;
}

// Returns undefined where it came to nothing. again: what asks once more.
export async function ask(path, form, what, again) {
  abandon();
  complain('');
  const signal = asking.begin(), timer = countSeconds();
  $('busy').hidden = $('stop').hidden = false;
  try {
    const answer = await send(path, form, what, signal);
    return signal.aborted ? undefined : answer;
  } catch (error) {
    if (!signal.aborted) explain(error, again);
    return undefined;
  } finally {
    clearInterval(timer);
    if (!signal.aborted) abandon();
  }
}

export function listenToProgress() {
  $('stop').addEventListener('click', () => {
    say('Stopped.');
    abandon();
  });
  $('retry').addEventListener('click', () => {
    const again = failed;
    complain('');
    again();
  });
}
