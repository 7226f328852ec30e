// Small things that every part of the page needs.

export const $ = (id) => document.getElementById(id);

// Colours that stand out on photographs, and the ink that can be read on each.
export const HUES = [['#ff7a3d', '#1d0c03'], ['#3fb2ff', '#03121f'], ['#ffd23f', '#1f1800'], ['#5fe08a', '#03180a'],
  ['#ff6fae', '#220010'], ['#b79bff', '#10061f'], ['#3fe0d8', '#001a19'], ['#ffffff', '#111111']];

export function paint(target, hue) {
  target.style.setProperty('--hue', HUES[hue][0]);
  target.style.setProperty('--hue-ink', HUES[hue][1]);
}

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// A box in pixels of a picture of this size, to lie over the picture however large that is shown.
export function boxOver({width, height}, [x, y, w, h], hue) {
  const made = element('span', 'box');
  paint(made, hue);
  Object.assign(made.style, {left: `${100 * x / width}%`, top: `${100 * y / height}%`,
    width: `${100 * w / width}%`, height: `${100 * h / height}%`});
  return made;
}

// What is hidden cannot keep the focus: without a new place the keyboard and the screen reader would start from the top.
export function hide(target, next) {
  const focused = target.contains(document.activeElement);
  target.hidden = true;
  if (focused) next.focus({preventScroll: true});
}

export function plural(count, one, many) {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

// A text as it is compared and sent.
export function tidy(text) {
  return text.trim().replace(/\s+/g, ' ');
}
