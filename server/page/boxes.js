// Boxes over the photograph.
import {$, boxOver, element} from './common.js';
import {shownBoxes, state, view} from './state.js';

// The surest is drawn last, over the others.
export function drawBoxes() {
  const layer = $('boxes');
  layer.hidden = view() !== 'boxes';
  layer.classList.remove('picking');
  layer.replaceChildren(...shownBoxes().reverse().map(drawBox));
}

function drawBox(box) {
  const {width, height} = state.answer, [x, y] = box.box, made = boxOver(state.answer, box.box, box.word.hue);
  made.classList.toggle('inside', y / height * $('boxes').clientHeight < 26);
  made.classList.toggle('flip', x / width > 0.75);
  made.append(element('span', '', `${box.label} ${box.score.toFixed(2)}`));
  box.element = made;
  return made;
}

export function pick(box) {
  $('boxes').classList.toggle('picking', Boolean(box));
  for (const each of $('boxes').children) each.classList.toggle('picked', Boolean(box) && each === box.element);
}
