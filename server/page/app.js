// The page of clipsight: a photograph and words go to the server, boxes come back. Everything that only changes what is
// shown (the score, what is hidden, opacity) is done here, without a new request. This file ties the parts together.
import {drawBoxes} from './boxes.js';
import {$} from './common.js';
import {listenToDropping} from './drop.js';
import {draw} from './found.js';
import {drawLegend} from './heat.js';
import {loadMaps, look} from './look.js';
import {listenToOptions} from './options.js';
import {takeExample, takeFile} from './photo.js';
import {listenToProgress} from './progress.js';
import {saveJson, savePicture} from './save.js';
import {listenToSearch, offerSearch} from './search.js';
import {request} from './server.js';
import {leastScore, state, view} from './state.js';
import {startTheme} from './theme.js';
import {askForToken, listenToToken} from './token.js';
import {fieldInView, showView} from './views.js';
import {listenToWords} from './words.js';

function showScore() {
  const value = leastScore().toFixed(2);
  $('score-out').textContent = value;
  $('score').setAttribute('aria-valuetext', `boxes from a score of ${value}`);
}

function switchView() {
  const heat = view() === 'heat';
  $('boxes-controls').hidden = heat;
  $('heat-controls').hidden = !heat;
  draw();
  if (heat) loadMaps();
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
  $('save-picture').addEventListener('click', savePicture);
  $('save-json').addEventListener('click', saveJson);
  const fitBoxes = () => state.answer && drawBoxes(); // labels have other places in a picture of another size
  addEventListener('resize', fitBoxes);
  addEventListener('hashchange', () => {
    showView();
    fitBoxes();
  });
}

function listenToChoosing() {
  $('choose').addEventListener('click', () => $('file').click());
  $('another').addEventListener('click', () => $('file').click());
  $('file').addEventListener('change', () => {
    takeFile($('file').files[0]);
    $('file').value = ''; // the same file may be chosen again
  });
  document.querySelectorAll('.example').forEach((each) => each.addEventListener('click', () => takeExample(each)));
}

// Which model this is, and what it allows. The page works without an answer, but not without a token where one is asked
// for: false means that it is.
async function loadModel() {
  try {
    const {models, limits, search} = await (await request('/v1/models')).json();
    Object.assign(state, {model: models[0], limits});
    offerSearch(search);
  } catch (error) {
    if (error.status === 401) askForToken();
    return error.status !== 401;
  }
  if (!state.answer) $('score').value = state.model.min_score;
  showScore();
  $('model').textContent = `Model: ${state.model.name}.`;
  return true;
}

startTheme();
drawLegend();
showScore();
listenToDropping();
listenToWords();
listenToControls();
listenToChoosing();
listenToOptions(look);
listenToProgress();
listenToSearch();
listenToToken(loadModel, fieldInView);
loadModel();
