/**
 * Turns a knob that has stops.
 *
 * @param stops ascending and distinct
 * @param steps whole stops, up or down; 0 changes nothing
 * @returns a stop: never one that lies against the turn, so that beyond the last stop the value
 *   stays. From between two stops the first step leads to the neighbour.
 */
export function turnStops(stops: readonly number[], value: number, steps: number): number {
  if (steps === 0) return value;
  const at = place(stops, value);
  const to = (steps > 0 ? Math.floor(at) : Math.ceil(at)) + steps;
  const stop = stops[Math.min(stops.length - 1, Math.max(0, to))]!;
  return steps > 0 ? Math.max(stop, value) : Math.min(stop, value);
}

/** Where a value lies among evenly spaced stops, in [0, 1]. */
export const stopScale = (stops: readonly number[], value: number): number =>
  Math.min(1, Math.max(0, place(stops, value) / (stops.length - 1)));

// The index of a stop, with a half where the value lies between two of them or beyond the last.
function place(stops: readonly number[], value: number): number {
  const above = stops.findIndex((stop) => stop >= value);
  if (above === -1) return stops.length - 0.5;
  return stops[above] === value ? above : above - 0.5;
}
