// Saving what a chart shows, as a picture or as a table for a spreadsheet.

import { date, figures } from '../base.js';
import { csvText } from './csv.js';

/** Hand a blob to the browser as a download of that name. */
export function download(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const fileName = ({ name, view, data }, kind) => `${name.replace(/[^\w-]+/g, '-')}${data.absolute ? `-${date(view[1]).slice(0, 16).replace(/[ :]/g, '')}` : ''}.${kind}`;

export function saveCsv(shown) {
  const { data, view, off } = shown;
  const rows = data.x.map((_, i) => i).filter((i) => data.x[i] >= view[0] && data.x[i] <= view[1] && data.mean.some((column) => column[i] !== null && column[i] !== undefined));
  const columns = data.series.map((one, at) => ({ ...one, values: rows.map((i) => data.mean[at][i]) })).filter(({ name }) => !off.has(name));
  download(new Blob([csvText(rows.map((i) => data.x[i]), columns, data.absolute, data.notes)], { type: 'text/csv' }), fileName(shown, 'csv'));
}

/** The lanes below each other, with their channels named, as they are on the screen. */
export function savePng(shown) {
  const { data, lanes, view, when, colour } = shown;
  const scale = devicePixelRatio;
  const style = getComputedStyle(document.documentElement);
  const css = (name) => style.getPropertyValue(name).trim();
  const [line, edge] = [22 * scale, 16 * scale];
  const pictures = lanes.map(({ plot }) => plot.ctx.canvas);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(...pictures.map(({ width }) => width)) + 2 * edge;
  canvas.height = pictures.reduce((sum, { height }) => sum + height + line, 2 * edge + line);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = css('--surface');
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.textBaseline = 'top';
  const write = (text, x, y, fill, weight = 400) => {
    ctx.font = `${weight} ${13 * scale}px ${style.fontFamily}`;
    ctx.fillStyle = fill;
    ctx.fillText(text, x, y);
    return x + ctx.measureText(text).width;
  };
  write(`${document.getElementById('board-name').textContent}   ${when(view[0])} – ${when(view[1])}`, edge, edge, css('--ink'), 600);
  let y = edge + line;
  lanes.forEach(({ members }, i) => {
    let x = edge;
    for (const at of members) x = write(`${data.series[at].label} (${figures(0, data.series[at])[1]})`, x, y, css(`--series-${colour(at)}`), 600) + edge;
    ctx.drawImage(pictures[i], edge, y + line);
    y += pictures[i].height + line;
  });
  canvas.toBlob((blob) => download(blob, fileName(shown, 'png')));
}
