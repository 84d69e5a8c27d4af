import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { Reader } from '../../../src/model/graph/reader.ts';
import { decoder } from '../decoders/decoder.ts';
import { type DecoderShape, tinyGpt2, tinyLlama } from '../decoders/shape.ts';
import { story } from '../folders.ts';
import { temporary } from '../variant.ts';
import { Runner } from './runner.ts';

const Model = protobuf
  .parse(
    `syntax = "proto2";
message Model { optional Graph graph = 7; }
message Graph { repeated Tensor initializer = 5; }
message Tensor { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8;
  optional bytes raw_data = 9; repeated Entry external_data = 13; optional int32 data_location = 14; }
message Entry { optional string key = 1; optional string value = 2; }`,
    { keepCase: true },
  )
  .root.lookupType('Model');

interface Tensor {
  readonly name: string;
  readonly raw_data?: Uint8Array;
  readonly data_location?: number;
  readonly external_data: readonly { key: string; value: string }[];
}

const tensors = (model: Uint8Array) =>
  (Model.toObject(Model.decode(model), { arrays: true }) as { graph: { initializer: Tensor[] } })
    .graph.initializer;

const pathOf = (shape: DecoderShape) => join(decoder(shape).folder, 'onnx/model.onnx');
const PAGE = 4096;

async function firstLogits(runner: Runner): Promise<Float32Array> {
  const [logits] = await runner.run([runner.text()], [[1, 2, 3]]);
  await runner.session.release();
  return logits!;
}

async function runsAs(path: string, file: string): Promise<void> {
  const expected = await firstLogits(await Runner.plain(file));
  expect(await firstLogits(await Runner.edited(path))).toEqual(expected);
}

describe('weights are mapped', () => {
  it.each([
    ['the embedded model', join(story, 'onnx/model.onnx')],
    ['four bits', pathOf({ ...tinyLlama, body: 'q4', head: 'q4' })],
    ['eight bits', pathOf({ ...tinyLlama, body: 'q8', head: 'q8' })],
    ['half precision', pathOf({ ...tinyGpt2, body: 'float16', head: 'float16' })],
    ['with two branches', pathOf({ ...tinyGpt2, merged: true })],
  ])('from where the file has them: %s', (_, path) => {
    const before = statSync(path);
    const { model, folder, report } = editGraph(path);
    expect(report.weights).toBe('mapped from the file');
    const file = new Uint8Array(readFileSync(path));
    const edited = new Map(tensors(model!).map((tensor) => [tensor.name, tensor]));
    for (const tensor of tensors(file)) {
      const now = edited.get(tensor.name)!;
      if (tensor.raw_data!.length < PAGE) {
        expect(now).toEqual(tensor);
        continue;
      }
      const entries = Object.fromEntries(now.external_data.map(({ key, value }) => [key, value]));
      expect(now).toMatchObject({ data_location: 1 });
      expect(now.raw_data).toBeUndefined();
      expect(join(folder, entries.location!)).toBe(path);
      const [offset, length] = [Number(entries.offset), Number(entries.length)];
      expect(Buffer.compare(file.subarray(offset, offset + length), tensor.raw_data!)).toBe(0);
    }
    expect(model!.length).toBeLessThan(file.length / 5);
    expect(readdirSync(folder)).toEqual([basename(path)]);
    expect(statSync(path)).toEqual({
      ...before,
      atime: expect.anything(),
      atimeMs: expect.anything(),
    });
  });

  it('whatever the file is called', async () => {
    const folder = join(temporary(), 'größer, "so"');
    mkdirSync(folder);
    const path = join(folder, 'modèle 1.onnx');
    renameSync(pathOf(tinyLlama), path);
    await runsAs(path, path);
  });

  it.each([false, true])(
    'through links to files of other names, external: %s',
    async (external) => {
      const from = decoder({ ...tinyLlama, external }).folder;
      const cache = temporary();
      mkdirSync(join(cache, 'blobs'));
      mkdirSync(join(cache, 'snapshots/1/onnx'), { recursive: true });
      for (const [i, name] of readdirSync(join(from, 'onnx')).entries()) {
        renameSync(join(from, 'onnx', name), join(cache, 'blobs', `a${i}`));
        symlinkSync(`../../../blobs/a${i}`, join(cache, 'snapshots/1/onnx', name));
      }
      const link = join(cache, 'snapshots/1');
      symlinkSync('snapshots/1', join(cache, 'main'));
      for (const folder of [link, join(cache, 'main')]) {
        const path = join(folder, 'onnx/model.onnx');
        await runsAs(path, path);
      }
    },
  );

  it('behind five gigabytes of others', async () => {
    const path = pathOf(tinyLlama);
    const small = readFileSync(path);
    const far = join(temporary(), 'far.onnx');
    const hole = 5e9;
    const file = openSync(far, 'w+');
    const header = (field: number, length: number) =>
      protobuf.Writer.create()
        .uint32(field * 8 + 2)
        .uint64(length)
        .finish();
    const handle = openSync(path, 'r');
    const graph = [...new Reader(path, handle, small.length).fields(0, small.length)].find(
      ({ number }) => number === 7,
    )!;
    closeSync(handle);
    const name = Buffer.from([0x42, 3, ...Buffer.from('far'), 0x10, 2]);
    const dims = protobuf.Writer.create().uint32(8).int64(hole).finish();
    const raw = header(9, hole);
    const tensor = name.length + dims.length + raw.length + hole;
    const weight = header(5, tensor);
    let at = 0;
    const put = (bytes: Uint8Array) => {
      at += writeSync(file, bytes, 0, bytes.length, at);
    };
    put(small.subarray(0, graph.start));
    put(header(7, weight.length + tensor + graph.to - graph.from));
    for (const bytes of [weight, name, dims, raw]) put(bytes);
    at += hole;
    put(small.subarray(graph.from));
    closeSync(file);
    const offsets = tensors(editGraph(far).model!).flatMap((one) =>
      one.external_data.filter(({ key }) => key === 'offset').map(({ value }) => Number(value)),
    );
    expect(offsets.filter((offset) => offset > hole).length).toBe(offsets.length - 1);
    await runsAs(far, path);
  });
});

describe('weights are left', () => {
  it('when none is large, or they are in another file', () => {
    const { report } = editGraph(pathOf({ ...tinyLlama, external: true }));
    expect(report.weights).toBe('left: the file has no large ones');
  });

  it('with the whole graph when they are outside its folder', () => {
    for (const way of ['link', 'name']) {
      const folder = decoder({ ...tinyLlama, external: true }).folder;
      const [path, data] = ['model.onnx', 'model.onnx_data'].map((n) => join(folder, 'onnx', n));
      const away = join(temporary(), 'elsewhere');
      renameSync(data!, away);
      if (way === 'link') symlinkSync(away, data!);
      else {
        // As long as before, so that no length in the file has to change.
        const outside = '../elsewhere.on';
        renameSync(away, join(folder, 'elsewhere.on'));
        const bytes = readFileSync(path!).toString('latin1');
        writeFileSync(path!, bytes.replaceAll('model.onnx_data', outside), 'latin1');
      }
      const { model, report } = editGraph(path!);
      expect(model).toBeUndefined();
      expect(report.head).toBe('left: some weights are outside its folder');
    }
  });

  it('and refused when their file is missing', () => {
    const folder = decoder({ ...tinyLlama, external: true }).folder;
    renameSync(join(folder, 'onnx/model.onnx_data'), join(folder, 'away'));
    const path = join(folder, 'onnx/model.onnx');
    expect(() => editGraph(path)).toThrow(
      expect.objectContaining({ code: 'MODEL_FILE', message: expect.stringContaining(path) }),
    );
  });
});
