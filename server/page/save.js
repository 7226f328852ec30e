// Saving what was found: as a picture, as JSON.
import {$, HUES, element} from './common.js';
import {paintHeat} from './heat.js';
import {currentMap, shownBoxes, state, view} from './state.js';

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
export function savePicture() {
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
    for (const box of shownBoxes().reverse()) {
      context.lineWidth = Math.max(2, size / 6);
      context.strokeStyle = HUES[box.word.hue][0];
      context.strokeRect(...box.box);
      drawLabel(context, box, size);
    }
  }
  canvas.toBlob((blob) => download(blob, `${stem()}-${map ? 'heat' : 'boxes'}.png`), 'image/png');
}

// As the command writes it, without what the slider and the list hide.
export function saveJson() {
  const {image, width, height} = state.answer;
  const detections = shownBoxes().map(({label, score, box}) => ({label, score, box}));
  const text = JSON.stringify({image, width, height, detections}) + '\n';
  download(new Blob([text], {type: 'application/json'}), `${stem()}.json`);
}
