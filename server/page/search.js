// The second view: words go to the server's index, photographs come back. Opening one shows it in the first view, with the
// words.
import {$, HUES, plural, tidy} from './common.js';
import {blobOf, drawHitBoxes, drawHits, loadThumbnails, nameOf} from './hits.js';
import {Latest} from './latest.js';
import {takeFile, taking} from './photo.js';
import {reasonOf, request} from './server.js';
import {askForToken} from './token.js';
import {showView} from './views.js';

const FIRST_HITS = 24, MOST_HITS = 96;
const OPENED = 2048; // pixels: not larger than a screen needs

const searching = new Latest();
const hunt = {
  photographs: 0, // to search in
  words: [], // of the last search: {text, hue}
  unwanted: [],
  hits: [],
  top: FIRST_HITS,
};

// index: what the server has to search in, if anything.
export function offerSearch(index) {
  $('tabs').hidden = !index;
  if (!index) return;
  hunt.photographs = index.photographs;
  if (!hunt.hits.length) say(`${plural(index.photographs, 'photograph', 'photographs')} to search in.`);
  showView();
}

function say(text) {
  $('search-status').textContent = text;
}

function complain(text) {
  $('search-problem').textContent = text;
  $('search-problem').hidden = !text;
}

function explain(error, again) {
  if (error.status === 401) askForToken(again);
  else complain(reasonOf(error));
}

// "a dog, a beach, -snow": what is wanted, and what is not.
function readWords() {
  const parts = $('search-words').value.split(',').map(tidy).filter(Boolean);
  const isUnwanted = (part) => /^[-\u2212]\s*\S/.test(part);
  const wanted = [...new Set(parts.filter((part) => !isUnwanted(part)))];
  hunt.words = wanted.map((text, i) => ({text, hue: i % HUES.length}));
  hunt.unwanted = parts.filter(isUnwanted).map((part) => part.slice(1).trim());
}

async function askForHits(where, signal) {
  const query = new URLSearchParams();
  for (const word of hunt.words) query.append('q', word.text);
  for (const text of hunt.unwanted) query.append('not', text);
  query.append('top', hunt.top);
  if (where) query.append('where', 'true');
  return (await (await request(`/v1/search?${query}`, {signal})).json()).hits;
}

async function search() {
  readWords();
  complain('');
  if (!hunt.words.length)
    return say(hunt.unwanted.length ? 'Now something that should be there.' : 'Now a word: what should be there?');
  const signal = searching.begin();
  try {
    await find(signal);
  } catch (error) {
    if (signal.aborted) return;
    say('');
    explain(error, search);
  }
}

// First what fits, which is quick; then where it is, which takes a look at each photograph.
async function find(signal) {
  say('Searching…');
  hunt.hits = await askForHits(false, signal);
  drawHits(hunt.hits, openHit);
  $('search-more').hidden = hunt.hits.length < hunt.top || hunt.top >= MOST_HITS;
  sayWhatFits();
  const where = $('search-where').checked && hunt.hits.length;
  await Promise.all([loadThumbnails(hunt.hits, signal), where ? findWhere(signal) : null]);
}

async function findWhere(signal) {
  say('Looking where…');
  const boxes = new Map((await askForHits(true, signal)).map((hit) => [hit.link, hit.boxes]));
  for (const hit of hunt.hits) {
    hit.boxes = boxes.get(hit.link);
    drawHitBoxes(hit, hunt.words);
  }
  sayWhatFits();
}

function sayWhatFits() {
  const count = hunt.hits.length;
  const found = count ? `The ${plural(count, 'photograph that fits', 'photographs that fit')} best` : 'Nothing found';
  say(`${found}, of ${hunt.photographs}.`);
}

async function openHit(hit) {
  complain('');
  const signal = taking.begin();
  let blob;
  try {
    blob = await blobOf(hit, OPENED, signal);
  } catch (error) {
    if (!signal.aborted) explain(error, () => openHit(hit));
    return;
  }
  await takeFile(new File([blob], nameOf(hit), {type: 'image/jpeg'}), hunt.words.map((word) => word.text));
}

function searchFor(top) {
  hunt.top = top;
  search();
}

export function listenToSearch() {
  $('search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    searchFor(FIRST_HITS);
  });
  $('search-where').addEventListener('change', () => hunt.hits.length && search());
  $('search-more').addEventListener('click', () => searchFor(Math.min(hunt.top * 2, MOST_HITS)));
}
