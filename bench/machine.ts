import { arch, cpus, platform } from 'node:os';

/** What the numbers were measured on. */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  system: `${platform()} ${arch()}`,
  node: process.version,
  v8: process.versions.v8,
});
