// Method and options, and the form in which they go to the server with the photograph and the words.
import {$} from './common.js';
import {state} from './state.js';

const OPTIONS = ['method', 'patch', 'window', 'stride', 'threshold', 'template'];

export function formFor(route) {
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

export function listenToOptions(changed) {
  for (const name of [...OPTIONS, 'single']) $(name).addEventListener('change', changed);
  $('reset').addEventListener('click', () => {
    for (const name of OPTIONS) $(name).value = name === 'method' ? 'auto' : '';
    $('single').checked = false;
    changed();
  });
}
