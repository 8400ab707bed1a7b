// Fingers, wheel and keys on a chart. They only ask it to point, to zoom and to move.

/** One finger points, two zoom and move; up and down still scrolls the page. */
export function followTouch(lanes, chart) {
  const fingers = new Map();
  let start = null;
  lanes.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch' || !event.target.closest('.u-over')) return;
    fingers.set(event.pointerId, fraction(lanes, event));
    start = { view: chart.view, at: [...fingers.values()] };
    if (fingers.size === 1) chart.pointAt(start.at[0]);
  });
  lanes.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, fraction(lanes, event));
    if (fingers.size === 1) chart.pointAt(fraction(lanes, event));
    else if (fingers.size === 2) chart.pinch(start.view, start.at, [...fingers.values()]);
  });
  const end = (event) => {
    fingers.delete(event.pointerId);
    start = { view: chart.view, at: [...fingers.values()] };
  };
  lanes.addEventListener('pointerup', end);
  lanes.addEventListener('pointercancel', end);
}

/** Where in the width of the plots something happened, from 0 to 1. */
function fraction(lanes, event) {
  const area = lanes.querySelector('.u-over').getBoundingClientRect();
  return (event.clientX - area.left) / area.width;
}

/**
 * The wheel zooms where it points, and moves sideways: with Ctrl, or once the chart was clicked. Otherwise it scrolls the
 * page, which a chart of many lanes would stop.
 */
export function followWheel(lanes, slider, chart) {
  lanes.addEventListener('pointerdown', () => slider.focus({ preventScroll: true }));
  lanes.addEventListener('wheel', (event) => {
    const meant = event.ctrlKey || event.metaKey || document.activeElement === slider;
    if (!meant || !lanes.querySelector('.u-over')) return;
    event.preventDefault();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) chart.move((event.deltaX || event.deltaY) / 1000);
    else chart.zoom(1.002 ** event.deltaY, fraction(lanes, event));
  }, { passive: false });
}

/** Arrows and page keys move the pointer, plus and minus zoom, Escape and 0 show all. */
export function followKeys(slider, chart) {
  slider.onkeydown = (event) => {
    const page = chart.page;
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -Infinity, End: Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith('Arrow') && event.shiftKey) chart.move(moves[event.key] / 10);
    else if (event.key in moves) chart.step(moves[event.key]);
    else if (event.key === '+') chart.zoom(0.5);
    else if (event.key === '-') chart.zoom(2);
    else if (event.key === 'Escape' || event.key === '0') chart.zoom(0);
    else return;
    event.preventDefault();
  };
  slider.onblur = () => chart.point(null);
}
