// What the first view is about: a photograph, words, and what the server says of them.
import {$} from './common.js';

export const state = {
  file: null, // what is sent
  url: '', // of it, for the page
  words: [], // {text, hue, hidden}
  answer: null, // of /v1/detect, with every box
  seconds: 0, // that the answer took
  maps: null, // word's text -> map, of /v1/localize, for the same photograph, words and options
  mapsSize: null, // [width, height] of the photograph, as /v1/localize says it
  current: 0, // index of the word whose heat map is shown
  model: {min_score: 0.2, type: '', name: ''},
  limits: {body_bytes: 32 << 20, prompts: 64, prompt_bytes: 1000},
};

// 'boxes' or 'heat': what is drawn over the photograph.
export function view() {
  return document.querySelector('input[name="view"]:checked').value;
}

export function leastScore() {
  return Number($('score').value);
}

export function shownBoxes() {
  return state.answer ? state.answer.boxes.filter((box) => box.score >= leastScore() && !box.word.hidden) : [];
}

export function currentMap() {
  const word = state.words[state.current];
  return state.maps && word ? state.maps.get(word.text) : null;
}
