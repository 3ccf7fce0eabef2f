import type { Dialect } from './dialect';
import { GENERIC } from './generic';
import { LLAMA_CPP } from './llama-cpp';
import { LM_STUDIO } from './lm-studio';
import { MLX } from './mlx';
import { OLLAMA } from './ollama';
import { OPENAI } from './openai';
import { SGLANG } from './sglang';
import { TGI } from './tgi';
import { VLLM } from './vllm';

/** Every kind of server the simulator can behave like, by the name on the command line. */
export const DIALECTS = {
  generic: GENERIC,
  openai: OPENAI,
  vllm: VLLM,
  'llama.cpp': LLAMA_CPP,
  ollama: OLLAMA,
  lmstudio: LM_STUDIO,
  mlx: MLX,
  sglang: SGLANG,
  tgi: TGI,
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
