/** What a file of a package of this folder exports, addressed by path: not all of it is exported. */
export const peer = async (path: string): Promise<unknown> =>
  import(new URL(`./node_modules/${path}`, import.meta.url).href);
