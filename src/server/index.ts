export { createServer, type Server } from './create-server.ts';
export { type Listening, listen } from './listen.ts';
export type { Log, ServerOptions } from './server-options.ts';
