// What was found: the list of words with their boxes, and all that is drawn of it.
import {drawBoxes, pick} from './boxes.js';
import {$, element, paint, plural} from './common.js';
import {drawHeat} from './heat.js';
import {isAsking, say} from './progress.js';
import {leastScore, shownBoxes, state, view} from './state.js';

export function draw() {
  if (!state.answer) return;
  drawBoxes();
  drawFound();
  drawHeat();
  summarise();
}

function summarise() {
  if (isAsking()) return; // of which the status tells
  const boxes = shownBoxes(), words = state.words.length;
  const found = boxes.length ? plural(boxes.length, 'box', 'boxes') : 'Nothing';
  say(`${found} for ${plural(words, 'word', 'words')}, in ${state.seconds.toFixed(1)} s`);
}

function scoreRow(box, number) {
  const row = element('button', 'score'), bar = element('span', 'bar'), fill = element('i');
  row.type = 'button';
  fill.style.width = `${100 * box.score}%`;
  bar.append(fill);
  row.append(bar, element('span', '', box.score.toFixed(2)));
  row.setAttribute('aria-label', `${box.label} ${number}, score ${box.score.toFixed(2)}, at ` +
    `${Math.round(box.box[0])}, ${Math.round(box.box[1])}, ${Math.round(box.box[2])} by ${Math.round(box.box[3])} pixels`);
  for (const [event, target] of [['mouseenter', box], ['focus', box], ['mouseleave', null], ['blur', null]])
    row.addEventListener(event, () => pick(target));
  return row;
}

function wordRow(word, index) {
  const heat = view() === 'heat', row = element('li', 'word'), choice = element('input'), label = element('label');
  const all = state.answer.boxes.filter((box) => box.word === word);
  const boxes = all.filter((box) => box.score >= leastScore());
  paint(row, word.hue);
  choice.type = heat ? 'radio' : 'checkbox';
  choice.name = 'word';
  choice.id = `word-${index}`;
  choice.checked = heat ? index === state.current : !word.hidden;
  choice.addEventListener('change', () => chooseWord(word, index, choice.checked));
  label.htmlFor = choice.id;
  label.append(element('span', 'dot'), element('span', 'text', word.text));
  row.classList.toggle('current', heat && index === state.current);
  row.append(choice, label, element('span', 'count', heat ? '' : boxes.length ? plural(boxes.length, 'box', 'boxes') : 'none'));
  if (!heat) row.append(boxes.length ? scoreRows(boxes) : element('p', 'none', guess(all)));
  return row;
}

function scoreRows(boxes) {
  const list = element('div', 'scores');
  list.append(...boxes.slice(0, 12).map((box, i) => scoreRow(box, i + 1)));
  if (boxes.length > 12) list.append(element('p', 'none', `and ${boxes.length - 12} more`));
  return list;
}

function guess(boxes) {
  return boxes.length && boxes[0].score >= 0.005 ? `Best guess: ${boxes[0].score.toFixed(2)}. Lower the score to see it.` : 'Nothing here looks like it.';
}

function chooseWord(word, index, checked) {
  if (view() === 'heat') state.current = index;
  else word.hidden = !checked;
  draw();
  $(`word-${index}`).focus();
}

function drawFound() {
  $('found').replaceChildren(...state.words.map(wordRow));
}
