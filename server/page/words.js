// The words that are looked for.
import {$, HUES, paint, plural, tidy} from './common.js';
import {draw} from './found.js';
import {hintAtMissing, look} from './look.js';
import {complain} from './progress.js';
import {state} from './state.js';

function freeHue() {
  for (let hue = 0; hue < HUES.length; hue++)
    if (!state.words.some((word) => word.hue === hue)) return hue;
  return state.words.length % HUES.length;
}

// Returns those that there is no room for.
export function addWords(texts) {
  const tooMany = [];
  for (const text of texts.map(tidy)) {
    if (!text || state.words.some((word) => word.text === text)) continue;
    if (state.words.length < state.limits.prompts) state.words.push({text, hue: freeHue(), hidden: false});
    else tooMany.push(text);
  }
  drawChips();
  return tooMany;
}

export function complainOfTooMany(words) {
  if (words.length) complain(`At most ${plural(state.limits.prompts, 'word', 'words')} can be looked for at once.`);
}

function removeWord(word) {
  state.words = state.words.filter((each) => each !== word);
  state.current = 0;
  drawChips();
  $('words').focus();
  if (state.words.length === 0) return hintAtMissing();
  if (state.answer) state.answer.boxes = state.answer.boxes.filter((box) => box.word !== word);
  draw();
}

function drawChips() {
  $('chips').replaceChildren(...state.words.map((word) => {
    const chip = $('chip-template').content.firstElementChild.cloneNode(true);
    paint(chip, word.hue);
    chip.querySelector('.text').textContent = word.text;
    const button = chip.querySelector('button');
    button.setAttribute('aria-label', `Remove ${word.text}`);
    button.addEventListener('click', () => removeWord(word));
    return chip;
  }));
  $('words').placeholder = state.words.length ? 'and…' : 'a cat';
}

// Looks for the words in the field, too; those that there is no room for stay there. Without new ones looks again only
// if asked to.
function takeInput(again) {
  const before = state.words.length, tooMany = addWords($('words').value.split(','));
  $('words').value = tooMany.join(', ');
  if (state.words.length > before || (again && !tooMany.length)) look();
  complainOfTooMany(tooMany);
}

export function listenToWords() {
  $('form').addEventListener('submit', (event) => {
    event.preventDefault();
    takeInput(true);
  });
  $('words').addEventListener('keydown', (event) => {
    if (event.key === ',' ) {
      event.preventDefault();
      takeInput(false);
    } else if (event.key === 'Backspace' && !$('words').value && state.words.length) {
      removeWord(state.words[state.words.length - 1]);
    }
  });
  $('field').addEventListener('click', (event) => event.target === $('field') && $('words').focus());
}
