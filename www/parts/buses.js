// The I²C buses of the sensors: which addresses answer, and which chips mostly have them.

import { html, load, read, render, t } from '../base.js';

/** Let the board look, and list what it found. */
export async function look(button, list, signal) {
  const { act } = await load('/parts/ui.js');
  const answer = await act(button, () => read('/api/i2c', { signal }));
  if (!answer) return;
  render(list, html`${answer.buses.map(({ sda, error, found }) => html`<li><b>${t('busAt', { pin: sda })}</b>
    ${error ?? (found.length ? html`<ul>${found.map(({ address, name }) => html`<li><code>${address}</code> ${name || t('unknown')}</li>`)}</ul>` : t('nothingAnswers'))}</li>`)}`);
}
