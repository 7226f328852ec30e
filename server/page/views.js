// The two views, Look and Search, of which one is shown.
import {$} from './common.js';

export function fieldInView() {
  return $($('search').hidden ? 'words' : 'search-words');
}

// The address says which view it is, also where it names a view's field ("Skip to the words").
export function showView() {
  const searching = ['#search', '#search-words'].includes(location.hash) && !$('tabs').hidden;
  const [shown, other] = searching ? ['search', 'look'] : ['look', 'search'], changed = $(shown).hidden;
  $(shown).hidden = false;
  $(other).hidden = true;
  $(`tab-${shown}`).setAttribute('aria-current', 'page');
  $(`tab-${other}`).removeAttribute('aria-current');
  $('skip').href = `#${fieldInView().id}`;
  if (changed) startOfView().focus({preventScroll: true});
}

// Where the keyboard goes on in a view that has just come. A field would open a phone's keyboard.
function startOfView() {
  if ($('look').hidden) return $(innerWidth > 980 ? 'search-words' : 'search-status');
  if (!$('photo').hidden) return $('another');
  return $(innerWidth > 980 ? 'words' : 'status');
}
