// Photographs that a search has found: a tile for each, with a small picture and boxes.
import {$, boxOver, element} from './common.js';
import {request} from './server.js';

const THUMBNAIL = 480; // pixels; sharp on dense screens
const urls = new Map(); // link -> blob URL of its small picture

export function nameOf(hit) {
  return hit.image.split('/').pop();
}

// open(hit): what a click does.
export function drawHits(hits, open) {
  const links = new Set(hits.map((hit) => hit.link));
  for (const [link, url] of urls) {
    if (links.has(link)) continue;
    URL.revokeObjectURL(url);
    urls.delete(link);
  }
  $('hits').replaceChildren(...hits.map((hit, index) => hitTile(hit, index, open)));
}

function hitTile(hit, index, open) {
  const item = element('li'), mat = element('span', 'mat'), line = element('span', 'hit-line');
  hit.button = element('button', 'hit');
  hit.thumb = element('span', `thumb ${hit.width * 3 >= hit.height * 4 ? 'wide' : 'tall'}`);
  hit.thumb.style.aspectRatio = `${hit.width} / ${hit.height}`;
  hit.button.type = 'button';
  hit.button.title = hit.image;
  hit.button.setAttribute('aria-label', `${nameOf(hit)}, score ${hit.score.toFixed(2)}`);
  hit.button.addEventListener('click', () => open(hit));
  mat.append(hit.thumb);
  line.append(element('span', 'rank', String(index + 1)), element('span', 'name', nameOf(hit)), element('span', 'number', hit.score.toFixed(3)));
  hit.button.append(mat, line);
  item.append(hit.button);
  return item;
}

// The surest is drawn last, over the others.
export function drawHitBoxes(hit, words) {
  hit.thumb.querySelectorAll('.box').forEach((each) => each.remove());
  const hues = new Map(words.map((word) => [word.text, word.hue]));
  for (const {label, box} of (hit.boxes || []).slice().reverse()) {
    const made = boxOver(hit, box, hues.get(label) || 0);
    made.title = label;
    hit.thumb.append(made);
  }
}

export async function blobOf(hit, size, signal) {
  return (await request(`${hit.link}&size=${size}`, {signal})).blob();
}

// A few at a time, the best first. A token is a header, which an image's address cannot have.
export async function loadThumbnails(hits, signal) {
  const waiting = hits.slice();
  const work = async () => {
    for (let hit = waiting.shift(); hit; hit = waiting.shift()) await loadThumbnail(hit, signal);
  };
  await Promise.all([work(), work(), work()]);
}

async function loadThumbnail(hit, signal) {
  try {
    if (!urls.has(hit.link)) urls.set(hit.link, URL.createObjectURL(await blobOf(hit, THUMBNAIL, signal)));
    const picture = element('img');
    picture.alt = '';
    picture.src = urls.get(hit.link);
    hit.thumb.prepend(picture);
  } catch (error) {
    if (error.name === 'AbortError' || error.status === 401) throw error;
    hit.button.disabled = true;
    hit.thumb.replaceWith(element('span', '', 'cannot be read'));
  }
}
