// dependency-cruiser asks swc for TypeScript and has no option for JSX in it.
const swc = require('@swc/core');

const { parseFileSync } = swc;
swc.parseFileSync = (file, options) =>
  parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });
