// Outputs of the board: a switch or a value each, on the dashboard.

import { html, load, number, read, render, request, t } from '../base.js';
import { fieldNumber, parseNumber } from './numbers.js';

/** Show the outputs that the board has; without any the card stays hidden. */
export async function open(card, signal) {
  let outputs;
  try {
    ({ outputs } = await read('/api/outputs', { signal }));
  } catch {
    return; // a board without outputs, or one that is asked again with the page
  }
  if (signal.aborted || !outputs.length) return;
  card.hidden = false;
  render(card, html`<h2>${t('outputs')}</h2><ul>${outputs.map(({ name, label, unit = '', value }) => html`<li data-name="${name}">
    <label for="output-${name}">${label}</label>${typeof value === 'boolean'
      ? html`<input type="checkbox" role="switch" id="output-${name}" ${value && html`checked`}>`
      : html`<span class="buttons"><input type="text" inputmode="decimal" class="number" size="6" id="output-${name}" value="${fieldNumber(value)}"> <span class="unit">${unit}</span>
        <button type="button">${t('setIt')}</button></span>`}</li>`)}</ul>`);
  for (const row of card.querySelectorAll('li')) {
    const input = row.querySelector('input');
    const { label, min = -Infinity, max = Infinity } = outputs.find(({ name }) => name === row.dataset.name);
    const set = async (value, button) => {
      const { act } = await load('/parts/ui.js');
      return act(button, () => request('POST', `/api/outputs/${encodeURIComponent(row.dataset.name)}`, { body: { value } }),
        t('outputSet', { label, value: typeof value === 'boolean' ? (value ? t('on') : t('off')) : number(value) }));
    };
    if (input.type === 'checkbox') {
      input.onchange = async () => {
        if (!(await set(input.checked, input))) input.checked = !input.checked;
      };
      continue;
    }
    row.querySelector('button').onclick = ({ currentTarget }) => {
      const value = parseNumber(input.value);
      const right = value !== null && value >= min && value <= max;
      input.setAttribute('aria-invalid', String(!right));
      if (right) set(value, currentTarget);
    };
  }
}
