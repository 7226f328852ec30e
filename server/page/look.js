// Looking: the photograph and the words go to the server, boxes or maps come back.
import {$} from './common.js';
import {draw} from './found.js';
import {drawHeat} from './heat.js';
import {formFor} from './options.js';
import {abandon, ask, say} from './progress.js';
import {state, view} from './state.js';

export async function look() {
  if (!state.file || state.words.length === 0) return hintAtMissing();
  const words = state.words.slice(), start = performance.now();
  const answer = await ask('/v1/detect', formFor('detect'), 'Looking…', look);
  if (!answer) return;
  state.answer = sorted(answer, words.filter((word) => state.words.includes(word))); // without those removed meanwhile
  state.maps = null;
  state.seconds = (performance.now() - start) / 1000;
  state.current = Math.min(state.current, state.words.length - 1);
  $('result').hidden = false;
  draw();
  if (view() === 'heat') await loadMaps();
}

// Boxes with the word that each belongs to; two words with one text cannot be (see addWords).
function sorted(answer, words) {
  const index = new Map(words.map((word, i) => [word.text, i]));
  const boxes = answer.detections.map((d) => ({...d, word: words[index.get(d.label)]})).filter((d) => d.word);
  return {...answer, boxes};
}

export async function loadMaps() {
  if (!state.file || state.words.length === 0 || state.maps) return drawHeat();
  const words = state.words.slice();
  const answer = await ask('/v1/localize', formFor('localize'), 'Drawing the heat map…', loadMaps);
  if (!answer) return;
  state.maps = new Map(words.map((word, i) => [word.text, answer.maps[i]]));
  state.mapsSize = [answer.width, answer.height];
  draw();
}

export function hintAtMissing() {
  if (!state.file) say(state.words.length ? 'Now a photograph…' : '');
  else say('Now a word: what should be there?');
  if (state.words.length === 0) clearResult();
}

// Ends what is under way, too: it would come back as the result.
export function clearResult() {
  abandon();
  state.answer = state.maps = null;
  $('result').hidden = true;
  $('boxes').replaceChildren();
  $('heat').hidden = true;
}
