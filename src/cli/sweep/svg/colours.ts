export const INK = '#1f2328';
export const FAINT = '#d8dee4';
export const GREY = '#57606a';
export const BLUE = '#0b5cad';
export const RED = '#b3261e';
export const PURPLE = '#6f42c1';
