// Compiles the kernel and embeds it: `npm run kernel`. A test holds the committed file to this.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const path = (name: string) =>
  fileURLToPath(new URL(`../src/sampling/kernel/${name}`, import.meta.url));

/** The text of `wasm.ts` as the source gives it now. */
export async function kernelModule(): Promise<string> {
  const source = readFileSync(path('kernel.as'), 'utf8');
  let binary: Uint8Array | undefined;
  const { error, stderr } = await main(
    [
      'kernel.ts',
      '-o',
      'kernel.wasm',
      '-O3',
      '--shrinkLevel',
      '1',
      '--converge',
      '--noAssert',
    ].concat(['--runtime', 'stub', '--importMemory', '--enable', 'simd']),
    {
      readFile: (name) => (name === 'kernel.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (!binary) throw new Error(`the kernel does not compile: ${error}\n${stderr}`);
  const text = Buffer.from(binary).toString('base64');
  const lines = text.match(/.{1,96}/g)!.map((line) => `  '${line}'`);
  return `// Generated from kernel.as by \`npm run kernel\`: ${binary.length} bytes of WebAssembly. Do not edit.
export const wasm =
${lines.join(' +\n')};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(path('wasm.ts'), await kernelModule());
