// The photograph: from wherever it comes to the page.
import {$, hide} from './common.js';
import {Latest} from './latest.js';
import {clearResult, look} from './look.js';
import {complain, explain} from './progress.js';
import {request} from './server.js';
import {state} from './state.js';
import {addWords, complainOfTooMany} from './words.js';

// The one that is on its way to the page: what is chosen later counts.
export const taking = new Latest();

// words: what to look for in it, in place of the words so far.
export async function takeFile(file, words) {
  if (!file) return;
  if (file.size > state.limits.body_bytes - 65536)
    return complain(`${file.name}: expected a file of at most ${Math.floor(state.limits.body_bytes / 1e6)} MB.`);
  const signal = taking.begin(), url = URL.createObjectURL(file), shown = await show(url, signal);
  if (!shown) URL.revokeObjectURL(url);
  if (signal.aborted) return;
  if (!shown) return complain(`${file.name || 'This'} is no photograph that can be shown. Expected JPEG, PNG or WebP.`);
  begin(file, url);
  await lookIn(words);
}

// Until it is known to be a photograph, the last one stays.
async function show(url, signal) {
  try {
    await load(new Image(), url);
    if (!signal.aborted) await load($('picture'), url);
    return !signal.aborted;
  } catch {
    return false;
  }
}

function load(picture, url) {
  return new Promise((resolve, reject) => {
    picture.onload = resolve;
    picture.onerror = reject;
    picture.src = url;
  });
}

function begin(file, url) {
  if (state.url) URL.revokeObjectURL(state.url);
  Object.assign(state, {file, url});
  if ($('look').hidden) location.hash = '#look';
  clearResult();
  complain('');
  const {naturalWidth: width, naturalHeight: height} = $('picture');
  fitFrame(width, height);
  $('picture').alt = `Photograph ${file.name}`;
  $('name').textContent = file.name || 'Pasted photograph';
  $('size').textContent = `${width} × ${height}`;
  $('photo').hidden = false;
  hide($('empty'), $('another'));
}

async function lookIn(words) {
  if (words) state.words = [];
  const tooMany = addWords(words || []);
  if (state.words.length === 0) $('words').focus({preventScroll: innerWidth > 980});
  const looking = look();
  complainOfTooMany(tooMany);
  await looking;
}

// As large as there is room for; a small photograph is enlarged, but not until nothing but pixels is left of it.
function fitFrame(width, height) {
  $('frame').style.setProperty('--ratio', width / height);
  $('frame').style.setProperty('--most', `${Math.round(width * 2.2)}px`);
}

export async function takeExample(button) {
  const path = button.dataset.url, signal = taking.begin();
  let blob;
  try {
    blob = await (await request(path, {signal})).blob();
  } catch (error) {
    if (!signal.aborted) explain(error, () => takeExample(button));
    return;
  }
  await takeFile(new File([blob], path.split('/').pop(), {type: blob.type}), button.dataset.words.split(','));
}
