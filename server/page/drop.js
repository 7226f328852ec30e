// Photographs that are dropped on the page, or pasted.
import {$} from './common.js';
import {takeFile} from './photo.js';

function pictureOf(transfer) {
  return [...(transfer ? transfer.files : [])].find((file) => file.type.startsWith('image/')) || (transfer && transfer.files[0]);
}

export function listenToDropping() {
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
