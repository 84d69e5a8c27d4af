export { kebab } from '../ui/kebab.ts';
