package dev.vramcast.bench;

import java.util.Map;
import java.util.SplittableRandom;

/** Jobs as many people set them, on one card. */
final class RandomJobs {

  private static final String[] MODELS = {
    "llama-3.1-8b", "qwen2.5-7b", "qwen2.5-0.5b", "gpt2", "mistral-7b-v0.3", "llama-3.2-1b"
  };
  private static final String[] METHODS = {"full", "lora", "qlora"};
  private static final String[] GPUS = {"rtx-4090", "a100-80gb", "h100", "l4"};

  private RandomJobs() {}

  /** The fields of a question about a job; the same number gives the same. */
  static Map<String, Object> fields(long number) {
    SplittableRandom random = new SplittableRandom(number);
    String model = MODELS[random.nextInt(MODELS.length)];
    String method = METHODS[random.nextInt(METHODS.length)];
    int microBatch = random.nextInt(1, 9);
    int sequenceLength = 64 * random.nextInt(1, 65);
    String gpu = GPUS[random.nextInt(GPUS.length)];
    String checkpointing = random.nextBoolean() ? "full" : "none";
    Map<String, Object> batch =
        Map.of("micro_batch", microBatch, "sequence_length", sequenceLength);
    return Map.of(
        "job",
        Map.of(
            "model", Map.of("id", model),
            "method", method,
            "batch", batch,
            "hardware", Map.of("gpu", gpu),
            "checkpointing", checkpointing));
  }
}
