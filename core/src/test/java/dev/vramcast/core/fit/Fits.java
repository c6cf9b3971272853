package dev.vramcast.core.fit;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunErrors;
import java.util.List;
import java.util.Map;

/** Evaluators for tests, whose ranges are from 0.9 to 1.2 times the estimate. */
public final class Fits {

  private Fits() {}

  /** A Llama of about 60 million parameters. */
  public static Architecture llama() {
    return Families.read(config());
  }

  static ModelConfig config() {
    return new ModelConfig(
        "config.json",
        Map.of(
            "model_type", "llama",
            "vocab_size", 8192,
            "hidden_size", 1024,
            "intermediate_size", 2816,
            "num_hidden_layers", 4,
            "num_attention_heads", 8,
            "num_key_value_heads", 2,
            "max_position_embeddings", 8192));
  }

  /** A Qwen3 of experts that Transformers 5 keeps as one parameter for all of a layer. */
  static Architecture mixture() {
    return Families.read(
        new ModelConfig(
            "config.json",
            Map.of(
                "model_type", "qwen3_moe",
                "vocab_size", 8192,
                "hidden_size", 1024,
                "intermediate_size", 2816,
                "num_hidden_layers", 2,
                "num_attention_heads", 8,
                "num_key_value_heads", 2,
                "num_experts", 8,
                "num_experts_per_tok", 2,
                "moe_intermediate_size", 512)));
  }

  static Gpu card(String name, long mebibytes) {
    return Cards.card(name, "8.9", Cards.allOf(mebibytes), "none");
  }

  static FitEvaluator evaluator(long mebibytes) {
    return FitEvaluator.of(llama(), card("small", mebibytes), 0, ranges());
  }

  static RangeTable ranges() {
    return RunErrors.between(0.9, 1.2);
  }

  static RangeTable noRanges() {
    return new RangeTable(List.of(), 1);
  }

  /** A job from text such as {@code --method lora --micro-batch 8}. */
  static JobDocument job(String flags) {
    return Jobs.with(JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "1024"), flags);
  }
}
