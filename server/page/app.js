// The page of clipsight: a photograph and words go to the server, boxes come back. Everything that only changes what is
// shown (the score, what is hidden, opacity) is done here, without a new request.
'use strict';

const $ = (id) => document.getElementById(id);

// Colours that stand out on photographs, and the ink that can be read on each.
const HUES = [['#ff7a3d', '#1d0c03'], ['#3fb2ff', '#03121f'], ['#ffd23f', '#1f1800'], ['#5fe08a', '#03180a'],
  ['#ff6fae', '#220010'], ['#b79bff', '#10061f'], ['#3fe0d8', '#001a19'], ['#ffffff', '#111111']];

const state = {
  file: null, // what is sent
  words: [], // {text, hue, hidden}
  answer: null, // of /v1/detect, with every box
  maps: null, // of /v1/localize, for the same photograph, words and options
  current: 0, // index of the word whose heat map is shown
  asking: new Latest(), // the request under way
  taking: new Latest(), // the photograph that is on its way to the page
  model: {min_score: 0.2, type: '', name: ''},
  limits: {body_bytes: 32 << 20, prompts: 64, prompt_bytes: 1000},
  token: '',
  again: () => {}, // what came to nothing, for want of a token or of a server
};

// ---- Small things ----

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function paint(target, hue) {
  target.style.setProperty('--hue', HUES[hue][0]);
  target.style.setProperty('--hue-ink', HUES[hue][1]);
}

// What is hidden cannot keep the focus: without a new place the keyboard and the screen reader would start from the top.
function hide(target, next) {
  const focused = target.contains(document.activeElement);
  target.hidden = true;
  if (focused) next.focus({preventScroll: true});
}

function say(text) {
  $('status').textContent = text;
}

function complain(text, kind) {
  $('problem-text').textContent = text || '';
  if (kind !== 'retry') hide($('retry'), $('status'));
  else $('retry').hidden = false;
  $('problem').hidden = !text;
}

// The form belongs to both views, and stays until the server takes the token.
function askForToken(again) {
  state.again = again;
  $('token-text').textContent = state.token ? 'The server does not take this token.' : 'This server asks for a token.';
  $('token-form').hidden = false;
  $('token').focus();
}

function plural(count, one, many) {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

function view() {
  return document.querySelector('input[name="view"]:checked').value;
}

// ---- Asking the server ----

const OPTIONS = ['method', 'patch', 'window', 'stride', 'threshold', 'template'];

function formFor(route) {
  const form = new FormData();
  for (const word of state.words) form.append('prompt', word.text);
  for (const name of OPTIONS) {
    const value = $(name).value.trim();
    if (value && !(name === 'method' && value === 'auto') && !(route === 'localize' && name === 'threshold'))
      form.append(name, value);
  }
  if (route === 'detect') {
    form.append('min_score', '0'); // the slider does the rest
    if ($('single').checked) form.append('single', 'true');
  } else if ($('method').value === 'auto') {
    form.append('method', mapMethod());
  }
  form.append('image', state.file, state.file.name || 'photograph');
  return form;
}

// The map that the boxes were drawn from, where there is a choice.
function mapMethod() {
  const byWindows = $('patch').value || $('window').value || $('stride').value;
  return state.model.type === 'clipsight_starter' && !byWindows ? 'dense' : 'window';
}

class Refusal extends Error {
  constructor(status, code, message, wait) {
    super(message);
    Object.assign(this, {status, code, wait});
  }
}

async function refusalOf(response) {
  let code = '', message = `The server answers ${response.status} ${response.statusText}`;
  try {
    ({code, message} = (await response.json()).error);
  } catch { /* not from clipsight itself */ }
  return new Refusal(response.status, code, message, Number(response.headers.get('Retry-After')) || 2);
}

function headers() {
  return state.token ? {Authorization: `Bearer ${state.token}`} : {};
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('stopped', 'AbortError'));
    });
  });
}

// A server whose queue is full says when to come back: the page does, three times.
async function ask(route, what, signal) {
  for (let round = 0; ; round++) {
    say(what);
    const response = await fetch(`/v1/${route}`, {method: 'POST', body: formFor(route), headers: headers(), signal});
    if (response.ok) return response.json();
    const refusal = await refusalOf(response);
    if (refusal.code !== 'queue_full' || round === 3) throw refusal;
    say(`The server is busy. Next try in ${refusal.wait} s…`);
    await pause(refusal.wait, signal);
  }
}

function explain(error, again) {
  say('');
  if (error.status === 401) return askForToken(again);
  state.again = again;
  if (error instanceof Refusal) return complain(error.message, error.status >= 500 ? 'retry' : '');
  complain('The server cannot be reached.', 'retry');
}

// Whatever is under way comes to nothing, and has nothing more to say.
function abandon() {
  state.asking.end();
  $('seconds').textContent = '';
  $('busy').hidden = true;
  hide($('stop'), $('status'));
}

// The seconds stand outside of what a screen reader is told of.
function countSeconds() {
  const start = performance.now();
  return setInterval(() => {
    const seconds = Math.floor((performance.now() - start) / 1000);
    if (seconds > 1) $('seconds').textContent = `${seconds} s`;
  }, 1000);
}

// One request at a time. Returns undefined where it came to nothing.
async function askWithProgress(route, what) {
  abandon();
  complain('');
  const signal = state.asking.begin(), timer = countSeconds();
  $('busy').hidden = $('stop').hidden = false;
  try {
    const answer = await ask(route, what, signal);
    return signal.aborted ? undefined : answer;
  } catch (error) {
    if (!signal.aborted) explain(error, look);
    return undefined;
  } finally {
    clearInterval(timer);
    if (!signal.aborted) abandon();
  }
}

async function look() {
  if (!state.file || state.words.length === 0) return hintAtMissing();
  const words = state.words.slice(), start = performance.now();
  const answer = await askWithProgress('detect', 'Looking…');
  if (!answer) return;
  state.answer = sorted(answer, words.filter((word) => state.words.includes(word))); // some may have been removed meanwhile
  state.maps = null;
  state.seconds = (performance.now() - start) / 1000;
  state.current = Math.min(state.current, state.words.length - 1);
  $('result').hidden = false;
  draw();
  if (view() === 'heat') await loadMaps();
}

// Boxes with the word that each belongs to; two words with one text cannot be (see addWord).
function sorted(answer, words) {
  const index = new Map(words.map((word, i) => [word.text, i]));
  const boxes = answer.detections.map((d) => ({...d, word: words[index.get(d.label)]})).filter((d) => d.word);
  return {...answer, boxes};
}

async function loadMaps() {
  if (!state.file || state.words.length === 0 || state.maps) return drawHeat();
  const words = state.words.slice();
  const answer = await askWithProgress('localize', 'Drawing the heat map…');
  if (!answer) return;
  state.maps = new Map(words.map((word, i) => [word.text, answer.maps[i]]));
  state.mapsSize = [answer.width, answer.height];
  draw();
}

function hintAtMissing() {
  if (!state.file) say(state.words.length ? 'Now a photograph…' : '');
  else say('Now a word: what should be there?');
  if (state.words.length === 0) clearResult();
}

// Also what is still under way: it would come back as the result.
function clearResult() {
  abandon();
  state.answer = state.maps = null;
  $('result').hidden = true;
  $('boxes').replaceChildren();
  $('heat').hidden = true;
}

// ---- The photograph ----

async function takeFile(file, words) {
  if (!file) return;
  if (file.size > state.limits.body_bytes - 65536)
    return complain(`${file.name}: expected a file of at most ${Math.floor(state.limits.body_bytes / 1e6)} MB.`);
  const signal = state.taking.begin(), url = URL.createObjectURL(file), picture = $('picture');
  try {
    await show(new Image(), url); // until it is known to be one, the last photograph stays
    if (!signal.aborted) await show(picture, url);
  } catch {
    URL.revokeObjectURL(url);
    return signal.aborted || complain(`${file.name || 'This'} is no photograph that can be shown. Expected JPEG, PNG or WebP.`);
  }
  if (signal.aborted) return URL.revokeObjectURL(url);
  if (state.url) URL.revokeObjectURL(state.url);
  Object.assign(state, {file, url});
  if ($('look').hidden) location.hash = '#look';
  clearResult();
  complain('');
  fitFrame(picture.naturalWidth, picture.naturalHeight);
  picture.alt = `Photograph ${file.name}`;
  $('name').textContent = file.name || 'Pasted photograph';
  $('size').textContent = `${picture.naturalWidth} × ${picture.naturalHeight}`;
  $('photo').hidden = false;
  hide($('empty'), $('another'));
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

function show(picture, url) {
  return new Promise((resolve, reject) => {
    picture.onload = resolve;
    picture.onerror = reject;
    picture.src = url;
  });
}

async function takeExample(button) {
  const path = button.dataset.url;
  const signal = state.taking.begin();
  try {
    const blob = await (await fetch(path, {signal})).blob();
    await takeFile(new File([blob], path.split('/').pop(), {type: blob.type}), button.dataset.words.split(','));
  } catch (error) {
    if (!signal.aborted) explain(error, () => takeExample(button));
  }
}

// ---- Words ----

function freeHue() {
  for (let hue = 0; hue < HUES.length; hue++)
    if (!state.words.some((word) => word.hue === hue)) return hue;
  return state.words.length % HUES.length;
}

// Returns those that there is no room for.
function addWords(texts) {
  const tooMany = [];
  for (const text of texts.map((each) => each.trim().replace(/\s+/g, ' '))) {
    if (!text || state.words.some((word) => word.text === text)) continue;
    if (state.words.length < state.limits.prompts) state.words.push({text, hue: freeHue(), hidden: false});
    else tooMany.push(text);
  }
  drawChips();
  return tooMany;
}

function complainOfTooMany(words) {
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

// ---- What was found ----

function shownBoxes() {
  const least = Number($('score').value);
  return state.answer ? state.answer.boxes.filter((box) => box.score >= least && !box.word.hidden) : [];
}

function draw() {
  if (!state.answer) return;
  drawBoxes();
  drawFound();
  drawHeat();
  summarise();
}

function summarise() {
  const boxes = shownBoxes(), words = state.words.length;
  const found = boxes.length ? plural(boxes.length, 'box', 'boxes') : 'Nothing';
  say(`${found} for ${plural(words, 'word', 'words')}, in ${state.seconds.toFixed(1)} s`);
}

function drawBoxes() {
  const {width, height} = state.answer, layer = $('boxes');
  layer.hidden = view() !== 'boxes';
  layer.classList.remove('picking');
  layer.replaceChildren(...shownBoxes().slice().reverse().map((box) => {
    const [x, y, w, h] = box.box;
    const made = element('div', 'box');
    paint(made, box.word.hue);
    made.style.left = `${100 * x / width}%`;
    made.style.top = `${100 * y / height}%`;
    made.style.width = `${100 * w / width}%`;
    made.style.height = `${100 * h / height}%`;
    made.classList.toggle('inside', y / height * layer.clientHeight < 26);
    made.classList.toggle('flip', x / width > 0.75);
    made.append(element('span', '', `${box.label} ${box.score.toFixed(2)}`));
    box.element = made;
    return made;
  }));
}

function pick(box) {
  $('boxes').classList.toggle('picking', Boolean(box));
  for (const each of $('boxes').children) each.classList.toggle('picked', Boolean(box) && each === box.element);
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
  const boxes = all.filter((box) => box.score >= Number($('score').value));
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

// ---- Heat maps ----

// From deep violet over red to light yellow: as dark to bright in grey as in colour.
const RAMP = [[30, 12, 69], [94, 18, 110], [165, 44, 96], [219, 80, 59], [251, 135, 30], [246, 205, 55], [252, 255, 164]];

function rampColor(value) {
  const at = Math.max(0, Math.min(1, value)) * (RAMP.length - 1), low = Math.min(Math.floor(at), RAMP.length - 2);
  return RAMP[low].map((from, i) => Math.round(from + (RAMP[low + 1][i] - from) * (at - low)));
}

function drawLegend() {
  const canvas = $('legend'), context = canvas.getContext('2d');
  for (let x = 0; x < canvas.width; x++) {
    context.fillStyle = `rgb(${rampColor(x / (canvas.width - 1)).join()})`;
    context.fillRect(x, 0, 1, 1);
  }
}

// One pixel per cell; the browser smooths it as it is enlarged.
function cellsCanvas(map) {
  const rows = map.map.length, cols = map.map[0].length, canvas = element('canvas');
  canvas.width = cols;
  canvas.height = rows;
  const context = canvas.getContext('2d'), pixels = context.createImageData(cols, rows);
  map.map.flat().forEach((value, i) => pixels.data.set([...rampColor(value), 255], 4 * i));
  context.putImageData(pixels, 0, 0);
  return canvas;
}

function paintHeat(context, map, scale) {
  const cells = cellsCanvas(map);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(cells, 0, 0, cells.width * map.cell[0] * scale, cells.height * map.cell[1] * scale);
}

function currentMap() {
  const word = state.words[state.current];
  return state.maps && word ? state.maps.get(word.text) : null;
}

function drawHeat() {
  const canvas = $('heat'), map = view() === 'heat' ? currentMap() : null;
  canvas.hidden = !map;
  if (!map) return;
  const [width, height] = state.mapsSize, scale = Math.min(1, 1024 / width);
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.style.opacity = $('opacity').value / 100;
  paintHeat(canvas.getContext('2d'), map, scale);
}

function switchView() {
  const heat = view() === 'heat';
  $('boxes-controls').hidden = heat;
  $('heat-controls').hidden = !heat;
  draw();
  if (heat) loadMaps();
}

// ---- Saving ----

function download(blob, name) {
  const link = element('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function stem() {
  return (state.file.name || 'photograph').replace(/\.[^.]*$/, '');
}

function drawLabel(context, box, size) {
  const [x, y] = box.box, text = `${box.label} ${box.score.toFixed(2)}`;
  context.font = `600 ${size}px system-ui, sans-serif`;
  const width = context.measureText(text).width + size * 0.8, height = size * 1.5, top = y > height ? y - height : y;
  context.fillStyle = HUES[box.word.hue][0];
  context.fillRect(x, top, width, height);
  context.fillStyle = HUES[box.word.hue][1];
  context.fillText(text, x + size * 0.4, top + size * 1.1);
}

// What is on the screen, at the photograph's own size.
function savePicture() {
  const picture = $('picture'), canvas = element('canvas'), {width, height} = state.answer;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d'), size = Math.max(12, Math.min(width, height) / 32);
  context.drawImage(picture, 0, 0, width, height);
  const map = view() === 'heat' ? currentMap() : null;
  if (map) {
    context.globalAlpha = $('opacity').value / 100;
    paintHeat(context, map, 1);
  } else {
    for (const box of shownBoxes().slice().reverse()) {
      context.lineWidth = Math.max(2, size / 6);
      context.strokeStyle = HUES[box.word.hue][0];
      context.strokeRect(...box.box);
      drawLabel(context, box, size);
    }
  }
  canvas.toBlob((blob) => download(blob, `${stem()}-${map ? 'heat' : 'boxes'}.png`), 'image/png');
}

// As the command writes it, without what the slider and the list hide.
function saveJson() {
  const {image, width, height} = state.answer;
  const detections = shownBoxes().map(({label, score, box}) => ({label, score, box}));
  const text = JSON.stringify({image, width, height, detections}) + '\n';
  download(new Blob([text], {type: 'application/json'}), `${stem()}.json`);
}

// ---- Colours of the page ----

const THEMES = ['', 'light', 'dark'];
const THEME_NAMES = {'': 'as the system has them', light: 'light', dark: 'dark'};

function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  $('theme').setAttribute('aria-label', `Colours: ${THEME_NAMES[theme]}`);
  $('theme').title = `Colours: ${THEME_NAMES[theme]}`;
}

function savedTheme() {
  try {
    return THEMES.includes(localStorage.getItem('theme')) ? localStorage.getItem('theme') : '';
  } catch {
    return '';
  }
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme || '') + 1) % THEMES.length];
  applyTheme(theme);
  try {
    localStorage.setItem('theme', theme);
  } catch { /* a browser that keeps nothing */ }
}

// ---- What the user does ----

function pictureOf(transfer) {
  return [...(transfer ? transfer.files : [])].find((file) => file.type.startsWith('image/')) || (transfer && transfer.files[0]);
}

function listenToDropping() {
  let depth = 0;
  const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes('Files');
  const over = (change) => {
    depth = change ? Math.max(0, depth + change) : 0;
    $('drop').hidden = depth === 0;
  };
  addEventListener('dragenter', (event) => hasFiles(event) && over(1));
  addEventListener('dragleave', (event) => hasFiles(event) && over(-1));
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(0);
    takeFile(pictureOf(event.dataTransfer));
  });
  addEventListener('paste', (event) => {
    const file = pictureOf(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    takeFile(file);
  });
}

function listenToWords() {
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

function listenToControls() {
  $('score').addEventListener('input', () => {
    showScore();
    draw();
  });
  $('opacity').addEventListener('input', () => {
    $('opacity-out').textContent = `${$('opacity').value} %`;
    $('heat').style.opacity = $('opacity').value / 100;
  });
  document.querySelectorAll('input[name="view"]').forEach((radio) => radio.addEventListener('change', switchView));
  for (const name of [...OPTIONS, 'single']) $(name).addEventListener('change', look);
  $('reset').addEventListener('click', () => {
    for (const name of OPTIONS) $(name).value = name === 'method' ? 'auto' : '';
    $('single').checked = false;
    look();
  });
  addEventListener('resize', () => state.answer && drawBoxes());
}

function listenToButtons() {
  $('choose').addEventListener('click', () => $('file').click());
  $('another').addEventListener('click', () => $('file').click());
  $('file').addEventListener('change', () => {
    takeFile($('file').files[0]);
    $('file').value = ''; // the same file may be chosen again
  });
  document.querySelectorAll('.example').forEach((each) => each.addEventListener('click', () => takeExample(each)));
  $('stop').addEventListener('click', () => {
    say('Stopped.');
    abandon();
  });
  $('retry').addEventListener('click', () => {
    complain('');
    state.again();
  });
  $('theme').addEventListener('click', nextTheme);
  $('save-picture').addEventListener('click', savePicture);
  $('save-json').addEventListener('click', saveJson);
  $('token-form').addEventListener('submit', (event) => {
    event.preventDefault();
    useToken();
  });
}

function showScore() {
  const value = Number($('score').value).toFixed(2);
  $('score-out').textContent = value;
  $('score').setAttribute('aria-valuetext', `boxes from a score of ${value}`);
}

// Which model this is, and what it allows. The page works without an answer, but not without a token that is asked for.
async function loadModel() {
  try {
    const response = await fetch('/v1/models', {headers: headers()});
    if (response.status === 401) askForToken(state.again);
    if (!response.ok) return response.status;
    const {models, limits, search} = await response.json();
    state.model = models[0];
    state.limits = limits;
    offerSearch(search);
    if (!state.answer) $('score').value = state.model.min_score;
    showScore();
    $('model').textContent = `Model: ${state.model.name}.`;
    return response.status;
  } catch {
    return 0; // told when something is asked for
  }
}

async function useToken() {
  state.token = $('token').value;
  $('token').value = '';
  if (await loadModel() === 401) return;
  hide($('token-form'), fieldInView());
  const again = state.again;
  state.again = () => {};
  again();
}

applyTheme(savedTheme());
drawLegend();
showScore();
listenToDropping();
listenToWords();
listenToControls();
listenToButtons();
listenToSearch();
loadModel();
