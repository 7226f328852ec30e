// Boxes over the photograph.
import {$, boxOver, element} from './common.js';
import {shownBoxes, state, view} from './state.js';

// The surest is drawn last, over the others.
export function drawBoxes() {
  const boxes = shownBoxes(), layer = $('boxes');
  layer.hidden = view() !== 'boxes';
  layer.classList.remove('picking');
  layer.replaceChildren(...boxes.map(drawBox).reverse());
  placeLabels(boxes, layer);
}

function drawBox(box) {
  box.element = boxOver(state.answer, box.box, box.word.hue);
  box.element.append(element('span', '', `${box.label} ${box.score.toFixed(2)}`));
  return box.element;
}

// Where a label may stand at its box, the best first; each is a class, too.
const PLACES = ['above left', 'inside left', 'above right', 'inside right', 'below left', 'below right'];

// The surest chooses first; who finds no free place stands over another.
function placeLabels(boxes, layer) {
  const scale = layer.clientWidth / state.answer.width, taken = [];
  const sizes = boxes.map(({element: {firstChild: label}}) => [label.offsetWidth, label.offsetHeight]);
  boxes.forEach((box, i) => {
    const rects = PLACES.map((place) => labelAt(place, box.box.map((each) => each * scale), sizes[i]));
    const within = rects.filter((rect) => isWithin(rect, layer));
    const best = within.find((rect) => !taken.some((other) => overlap(rect, other))) || within[0] || rects[1];
    box.element.classList.add(...best.place.split(' '));
    taken.push(best);
  });
}

function labelAt(place, [x, y, w, h], [width, height]) {
  const left = place.endsWith('right') ? x + w - width : x;
  const top = place.startsWith('above') ? y - height : place.startsWith('below') ? y + h : y;
  return {place, left, top, right: left + width, bottom: top + height};
}

function isWithin(rect, layer) {
  return rect.left >= 0 && rect.top >= 0 && rect.right <= layer.clientWidth && rect.bottom <= layer.clientHeight;
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

export function pick(box) {
  $('boxes').classList.toggle('picking', Boolean(box));
  for (const each of $('boxes').children) each.classList.toggle('picked', Boolean(box) && each === box.element);
}
