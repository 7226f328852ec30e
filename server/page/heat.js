// Heat maps: numbers as colours, over the photograph.
import {$, element} from './common.js';
import {currentMap, state, view} from './state.js';

// From deep violet over red to light yellow: as dark to bright in grey as in colour.
const RAMP = [[30, 12, 69], [94, 18, 110], [165, 44, 96], [219, 80, 59], [251, 135, 30], [246, 205, 55], [252, 255, 164]];

function rampColor(value) {
  const at = Math.max(0, Math.min(1, value)) * (RAMP.length - 1), low = Math.min(Math.floor(at), RAMP.length - 2);
  return RAMP[low].map((from, i) => Math.round(from + (RAMP[low + 1][i] - from) * (at - low)));
}

export function drawLegend() {
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

export function paintHeat(context, map, scale) {
  const cells = cellsCanvas(map);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(cells, 0, 0, cells.width * map.cell[0] * scale, cells.height * map.cell[1] * scale);
}

export function drawHeat() {
  const canvas = $('heat'), map = view() === 'heat' ? currentMap() : null;
  canvas.hidden = !map;
  if (!map) return;
  const [width, height] = state.mapsSize, scale = Math.min(1, 1024 / width);
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.style.opacity = $('opacity').value / 100;
  paintHeat(canvas.getContext('2d'), map, scale);
}
