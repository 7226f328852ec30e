// The page's colours: as the system has them, light or dark. The choice is all that the page keeps.
import {$} from './common.js';

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

export function startTheme() {
  applyTheme(savedTheme());
  $('theme').addEventListener('click', nextTheme);
}
