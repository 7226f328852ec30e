// The form for the token. It belongs to both views, and stays until the server takes the token; then what was refused is
// done.
import {$, hide} from './common.js';
import {hasToken, setToken} from './server.js';

let refused = () => {};

export function askForToken(again = refused) {
  refused = again;
  $('token-text').textContent = hasToken() ? 'The server does not take this token.' : 'This server asks for a token.';
  $('token-form').hidden = false;
  $('token').focus();
}

// open(): asks the server for something, and returns whether it was granted. next(): where the keyboard goes on.
export function listenToToken(open, next) {
  $('token-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    setToken($('token').value);
    $('token').value = '';
    if (!await open()) return;
    hide($('token-form'), next());
    const again = refused;
    refused = () => {};
    again();
  });
}
