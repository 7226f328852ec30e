// The page's search: words go to the server's index, small photographs come back. Opening one shows it in the other view,
// with the words. Used by app.js, from which the small things come.
'use strict';

const PAGE_OF_HITS = 24;
const THUMBNAIL = 480; // pixels; sharp on dense screens
const OPENED = 2048;

const hunt = {
  words: [], // of the last search: {text, hue}
  unwanted: [],
  hits: [],
  top: PAGE_OF_HITS,
  searching: new Latest(),
  urls: new Map(), // link -> blob URL of its small picture
};

function offerSearch(index) {
  $('tabs').hidden = !index;
  if (!index) return;
  hunt.photographs = index.photographs;
  if (!hunt.hits.length) sayOfSearch(`${plural(index.photographs, 'photograph', 'photographs')} to search in.`);
  showView();
}

function fieldInView() {
  return $($('search').hidden ? 'words' : 'search-words');
}

// The address says which view it is, also where it names a view's field ("Skip to the words").
function showView() {
  const searching = ['#search', '#search-words'].includes(location.hash) && !$('tabs').hidden;
  const [shown, other] = searching ? ['search', 'look'] : ['look', 'search'], changed = $(shown).hidden;
  $(shown).hidden = false;
  $(other).hidden = true;
  $(`tab-${shown}`).setAttribute('aria-current', 'page');
  $(`tab-${other}`).removeAttribute('aria-current');
  $('skip').href = `#${fieldInView().id}`;
  if (changed) startOfView().focus({preventScroll: true});
}

// Where the keyboard goes on in a view that has just come. A field would open a phone's keyboard.
function startOfView() {
  if ($('look').hidden) return $(innerWidth > 980 ? 'search-words' : 'search-status');
  if (!$('photo').hidden) return $('another');
  return $(innerWidth > 980 ? 'words' : 'status');
}

function sayOfSearch(text) {
  $('search-status').textContent = text;
}

function complainOfSearch(text) {
  $('search-problem').hidden = !text;
  $('search-problem').textContent = text || '';
}

function explainInSearch(error, again) {
  if (error.status === 401) return askForToken(again);
  complainOfSearch(error instanceof Refusal ? error.message : 'The server cannot be reached.');
}

// "a dog, a beach, -snow": what is wanted, and what is not.
function readWords() {
  const parts = $('search-words').value.split(',').map((part) => part.trim().replace(/\s+/g, ' ')).filter(Boolean);
  const isUnwanted = (part) => /^[-\u2212]\s*\S/.test(part);
  const wanted = [...new Set(parts.filter((part) => !isUnwanted(part)))];
  hunt.words = wanted.map((text, i) => ({text, hue: i % HUES.length}));
  hunt.unwanted = parts.filter(isUnwanted).map((part) => part.slice(1).trim());
}

function searchQuery(where) {
  const query = new URLSearchParams();
  for (const word of hunt.words) query.append('q', word.text);
  for (const text of hunt.unwanted) query.append('not', text);
  query.append('top', hunt.top);
  if (where) query.append('where', 'true');
  return query;
}

async function get(url, signal) {
  const response = await fetch(url, {headers: headers(), signal});
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function search() {
  readWords();
  complainOfSearch('');
  if (!hunt.words.length)
    return sayOfSearch(hunt.unwanted.length ? 'Now something that should be there.' : 'Now a word: what should be there?');
  const signal = hunt.searching.begin();
  try {
    await find(signal);
  } catch (error) {
    if (signal.aborted) return;
    sayOfSearch('');
    explainInSearch(error, search);
  }
}

// First what fits, which is quick; then where it is, which takes a look at each photograph.
async function find(signal) {
  sayOfSearch('Searching…');
  const {hits} = await (await get(`/v1/search?${searchQuery(false)}`, signal)).json();
  hunt.hits = hits;
  drawHits();
  $('search-more').hidden = hits.length < hunt.top || hunt.top >= 96;
  const found = hits.length ? `The ${plural(hits.length, 'photograph', 'photographs')} that fit${hits.length === 1 ? 's' : ''} best` : 'Nothing found';
  sayOfSearch(`${found}, of ${hunt.photographs}.`);
  const where = $('search-where').checked && hits.length;
  await Promise.all([loadThumbnails(signal), where ? findWhere(signal, found) : null]);
}

async function findWhere(signal, found) {
  sayOfSearch('Looking where…');
  const {hits} = await (await get(`/v1/search?${searchQuery(true)}`, signal)).json();
  const boxes = new Map(hits.map((hit) => [hit.link, hit.boxes]));
  hunt.hits.forEach((hit) => { hit.boxes = boxes.get(hit.link); });
  hunt.hits.forEach(drawHitBoxes);
  sayOfSearch(`${found}, of ${hunt.photographs}.`);
}

// ---- What was found ----

function drawHits() {
  const links = new Set(hunt.hits.map((hit) => hit.link));
  for (const [link, url] of hunt.urls) {
    if (links.has(link)) continue;
    URL.revokeObjectURL(url);
    hunt.urls.delete(link);
  }
  $('hits').replaceChildren(...hunt.hits.map(hitTile));
}

function hitTile(hit, index) {
  const item = element('li'), button = element('button', 'hit'), mat = element('span', 'mat'), line = element('span', 'hit-line');
  const name = hit.image.split('/').pop();
  hit.thumb = element('span', `thumb ${hit.width * 3 >= hit.height * 4 ? 'wide' : 'tall'}`);
  hit.thumb.style.aspectRatio = `${hit.width} / ${hit.height}`;
  button.type = 'button';
  button.title = hit.image;
  button.setAttribute('aria-label', `${name}, score ${hit.score.toFixed(2)}`);
  mat.append(hit.thumb);
  line.append(element('span', 'rank', String(index + 1)), element('span', 'name', name), element('span', 'number', hit.score.toFixed(3)));
  button.append(mat, line);
  button.addEventListener('click', () => openHit(hit));
  hit.button = button;
  item.append(button);
  return item;
}

function drawHitBoxes(hit) {
  hit.thumb.querySelectorAll('.box').forEach((each) => each.remove());
  const hues = new Map(hunt.words.map((word) => [word.text, word.hue]));
  for (const {label, box: [x, y, w, h]} of (hit.boxes || []).slice().reverse()) {
    const made = element('span', 'box');
    paint(made, hues.get(label) || 0);
    Object.assign(made.style, {left: `${100 * x / hit.width}%`, top: `${100 * y / hit.height}%`, width: `${100 * w / hit.width}%`, height: `${100 * h / hit.height}%`});
    made.title = label;
    hit.thumb.append(made);
  }
}

async function blobOf(link, size, signal) {
  return (await get(`${link}&size=${size}`, signal)).blob();
}

// A few at a time, the best first. A token is a header, which an image's address cannot have.
async function loadThumbnails(signal) {
  const waiting = hunt.hits.slice();
  const work = async () => {
    for (let hit = waiting.shift(); hit; hit = waiting.shift()) await loadThumbnail(hit, signal);
  };
  await Promise.all([work(), work(), work()]);
}

async function loadThumbnail(hit, signal) {
  try {
    if (!hunt.urls.has(hit.link)) hunt.urls.set(hit.link, URL.createObjectURL(await blobOf(hit.link, THUMBNAIL, signal)));
    const picture = element('img');
    picture.alt = '';
    picture.src = hunt.urls.get(hit.link);
    hit.thumb.prepend(picture);
  } catch (error) {
    if (error.name === 'AbortError' || error.status === 401) throw error;
    hit.button.disabled = true;
    hit.thumb.replaceWith(element('span', '', 'cannot be read'));
  }
}

// The photograph, not larger than a screen needs, goes to the other view, with the words.
async function openHit(hit) {
  complainOfSearch('');
  const signal = state.taking.begin();
  try {
    const blob = await blobOf(hit.link, OPENED, signal), name = hit.image.split('/').pop();
    await takeFile(new File([blob], name, {type: 'image/jpeg'}), hunt.words.map((word) => word.text));
  } catch (error) {
    if (!signal.aborted) explainInSearch(error, () => openHit(hit));
  }
}

function listenToSearch() {
  addEventListener('hashchange', showView);
  $('search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    hunt.top = PAGE_OF_HITS;
    search();
  });
  $('search-where').addEventListener('change', () => hunt.hits.length && search());
  $('search-more').addEventListener('click', () => {
    hunt.top = Math.min(hunt.top * 2, 96);
    search();
  });
}
