// A form for the settings CHANNELS and LIMITS: what is set of each channel. It writes the setting's text,
// "name: label=Cellar, offset=-0.3; other: unit=bar", which stays to be seen below it.

import { html, live, render, t } from '../base.js';
import { parseNumber } from './numbers.js';

const TEXTS = ['label', 'unit', 'low_output', 'high_output']; // the others are numbers

/** What is set of a channel, and the word for it. */
const titles = {
  CHANNELS: { label: t('channelText'), unit: t('channelUnit'), decimals: t('decimals'), factor: t('factor'), offset: t('offset') },
  LIMITS: { low: t('lowLimit'), high: t('highLimit'), hysteresis: t('hysteresis'), seconds: t('afterSeconds'), low_output: t('lowOutput'), high_output: t('highOutput') },
};

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
    const pairs = Object.entries(change).filter(([, value]) => value);
    return pairs.length ? `${name}: ${pairs.map(([what, value]) => `${what}=${value}`).join(', ')}` : '';
  });
  return parts.filter(Boolean).join('; ');
}

/** What was entered as the setting has it: numbers with a point, texts without the marks between them. */
function clean(what, value) {
  if (TEXTS.includes(what)) return value.replace(/[:;,=]/g, ' ').trim();
  const number = parseNumber(value, what === 'decimals');
  return Number.isFinite(number) ? String(number) : value.trim();
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
  const usual = { factor: '1', offset: '0', low: '', high: '' };
  render(box, html`${live.status.channels.map(({ name, ...channel }) => html`<details data-name="${name}" ${changes[name] && html`open`}>
    <summary>${channel.label} <code>${name}</code></summary>
    ${Object.entries(titles[field.setting.key]).map(([what, title]) => html`<label>${title} <input type="text" class="${!TEXTS.includes(what) && 'number'}" name="${what}"
      size="${TEXTS.includes(what) ? 16 : 7}" value="${changes[name]?.[what] ?? ''}" placeholder="${usual[what] ?? channel[what] ?? ''}"></label>`)}
  </details>`)}`);
  box.oninput = (event) => {
    event.stopPropagation(); // the field itself tells of its change
    const { name } = event.target.closest('details').dataset;
    changes[name] = { ...changes[name], [event.target.name]: clean(event.target.name, event.target.value) };
    form.enter(field.setting.key, written(changes));
  };
  return true;
}
