import { Option } from 'commander';
import { DTYPES } from '../model/onnx-file.ts';
import { integer } from './numbers.ts';

export const modelOption = () =>
  new Option('-m, --model <folder>', 'a model folder; the embedded story model if absent');

export const dtypeOption = () =>
  new Option('--dtype <format>', 'weight format, where the folder holds several').choices(DTYPES);

export const threadsOption = () =>
  new Option('--threads <n>', 'cores one step may use').argParser(integer(1));
