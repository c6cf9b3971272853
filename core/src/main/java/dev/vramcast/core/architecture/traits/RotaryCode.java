package dev.vramcast.core.architecture.traits;

/** How {@code apply_rotary_pos_emb} is written. */
public enum RotaryCode {
  LLAMA,
  /** OLMo: as Llama, with tables in fp32, and so products and their sum. */
  TABLES_IN_FP32,
  /** GLM: tables of interleaved pairs, made in every layer. */
  REPEATED_TABLES,
  /**
   * GPT-J: one table of half of the sines and cosines, repeated in every layer for query and for
   * key.
   */
  REPEATED_HALVES,
  /** CodeGen: as GPT-J, with tables in fp32, and so products and their sum. */
  REPEATED_HALVES_IN_FP32,
  /** Ernie 4.5: as GLM, with products in fp32. */
  REPEATED_TABLES_IN_FP32,
  /** Cohere: everything in fp32, query and key beside each other. */
  IN_FP32,
  /** HunYuan-VL: as Cohere, with tables made fp32 in every layer. */
  IN_FP32_WITH_TABLES,
  /** ESM: everything in fp32, query and key one after the other. */
  EACH_IN_FP32,
  /** DeepSeek V3: pairs are first copied apart. */
  DEINTERLEAVED,
  /** Llama 4 and DeepSeek V2: complex numbers. */
  COMPLEX,
  /** gpt-oss: the halves on their own. */
  HALVES,
  /** Gemma 4's tower: half of the features by the column of a patch, half by its row. */
  AXIAL;

  /**
   * Whether sines and cosines stand in one table, half of the features each, which the model keeps
   * in fp32 for all positions ({@code embed_positions}).
   */
  public boolean halvesTables() {
    return this == REPEATED_HALVES || this == REPEATED_HALVES_IN_FP32;
  }
}
