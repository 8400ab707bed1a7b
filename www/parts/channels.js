// A form for the setting CHANNELS: text, unit, decimals, factor and offset of each channel. It writes the setting's text,
// "name: label=Cellar, offset=-0.3; other: unit=bar", which stays to be seen below it.

import { html, live, render, t } from '../base.js';
import { parseNumber } from './numbers.js';

const NUMBERS = ['decimals', 'factor', 'offset'];

/** {name: {what: text}} of the setting. */
function parse(text) {
  const changes = {};
  for (const part of text.split(';').filter((one) => one.includes(':'))) {
    const [name, ...rest] = part.split(':');
    changes[name.trim()] = Object.fromEntries(rest.join(':').split(',').map((pair) => pair.split('=').map((one) => one.trim())));
  }
  return changes;
}

/** The text of the setting; what can't be in it is left out. */
function written(changes) {
  const parts = Object.entries(changes).map(([name, change]) => {
    const pairs = Object.entries(change).filter(([, value]) => value !== '' && value !== undefined);
    return pairs.length ? `${name}: ${pairs.map(([what, value]) => `${what}=${value}`).join(', ')}` : '';
  });
  return parts.filter(Boolean).join('; ');
}

/** What was entered as the setting has it: numbers with a point, texts without the marks between them. */
function clean(what, value) {
  if (!NUMBERS.includes(what)) return value.replace(/[:;,=]/g, ' ').trim();
  const number = parseNumber(value, what === 'decimals');
  return value.trim() && number !== null && Number.isFinite(number) ? String(number) : value.trim();
}

/** Put the form above the field of the setting, once the channels are known. */
export function addChannels(field, form, signal) {
  const box = document.createElement('div');
  box.className = 'channels';
  field.row.querySelector('.entry').prepend(box);
  const show = () => live.status?.channels && fill(box, field, form);
  if (!show()) live.addEventListener('status', show, { once: true, signal });
}

function fill(box, field, form) {
  const changes = parse(field.input.value);
  const titles = { label: t('channelText'), unit: t('channelUnit'), decimals: t('decimals'), factor: t('factor'), offset: t('offset') };
  const usual = { decimals: '', factor: '1', offset: '0' };
  render(box, html`${live.status.channels.map(({ name, label, ...channel }) => html`<details data-name="${name}" ${changes[name] && html`open`}>
    <summary>${label} <code>${name}</code></summary>
    ${Object.entries(titles).map(([what, title]) => html`<label>${title} <input type="text" class="${NUMBERS.includes(what) && 'number'}" name="${what}"
      size="${NUMBERS.includes(what) ? 7 : 16}" value="${changes[name]?.[what] ?? ''}" placeholder="${usual[what] || (what === 'label' ? label : channel[what])}"></label>`)}
  </details>`)}`);
  box.oninput = (event) => {
    event.stopPropagation(); // the field itself tells of its change
    const { name } = event.target.closest('details').dataset;
    changes[name] = { ...changes[name], [event.target.name]: clean(event.target.name, event.target.value) };
    form.enter(field.setting.key, written(changes));
  };
  return true;
}
