package dev.vramcast.server.questions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Jobs as people ask for them, some of which cannot run, up to the random choices. */
final class RandomQuestions {

  private static final List<String> MODELS =
      List.of("qwen2.5-0.5b", "llama-3.2-1b", "smollm2-360m", "gemma-2-2b", "granite-3.0-3b-a800m");
  private static final List<String> GPUS =
      List.of("RTX 4090", "T4", "L4", "A100-80GB", "MI300X", "V100-16GB", "2x RTX 3090");

  private final Random random;
  private final Map<String, Object> job = new LinkedHashMap<>();

  private RandomQuestions(Random random) {
    this.random = random;
  }

  static Map<String, Object> job(Random random) {
    RandomQuestions question = new RandomQuestions(random);
    question.put("model.id", MODELS);
    question.put("method", List.of("full", "lora", "lora", "qlora", "dora"));
    question.put("hardware.gpu", GPUS);
    question.put("profile", List.of("recommended", "recommended", "bare"));
    question.put("data.tokens", List.of(1_000_000, 20_000_000));
    question.sometimes(
        "framework.name",
        List.of("trl", "axolotl", "llama-factory", "ms-swift", "torchtune", "unsloth", "litgpt"));
    question.sometimes("batch.sequence_length", List.of(512, 4096));
    question.sometimes("batch.micro_batch", List.of(1, 2, 4));
    question.sometimes("batch.grad_accum", List.of(1, 8));
    question.sometimes("batch.padding", List.of("packed", "padded", "longest"));
    question.sometimes("checkpointing", List.of("none", "full"));
    question.sometimes("precision", List.of("bf16", "bf16-mixed", "fp16-mixed", "fp32"));
    question.sometimes("loss", List.of("full", "liger", "chunked"));
    question.sometimes("optimizer.name", List.of("adamw", "adamw-8bit", "adafactor", "lion"));
    question.sometimes("objective.stage", List.of("sft", "dpo", "kto", "grpo", "reward"));
    return question.job;
  }

  private void sometimes(String path, List<?> values) {
    if (random.nextInt(10) < 3) {
      put(path, values);
    }
  }

  @SuppressWarnings("unchecked")
  private void put(String path, List<?> values) {
    Object value = values.get(random.nextInt(values.size()));
    int dot = path.indexOf('.');
    if (dot < 0) {
      job.put(path, value);
    } else {
      Object section = job.computeIfAbsent(path.substring(0, dot), key -> new LinkedHashMap<>());
      ((Map<String, Object>) section).put(path.substring(dot + 1), value);
    }
  }
}
