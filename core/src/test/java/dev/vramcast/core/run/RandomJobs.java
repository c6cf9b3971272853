package dev.vramcast.core.run;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.property.JobProperty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Jobs up to the random choices: a dozen architectures, and every setting that changes the trace.
 */
public final class RandomJobs {

  /** A model type with the keys that make it what it is. */
  record Model(String type, Map<String, Object> keys) {}

  private static final List<Model> MODELS =
      List.of(
          new Model("llama", Map.of("tie_word_embeddings", false)),
          new Model("llama", Map.of("tie_word_embeddings", true)),
          new Model("mistral", Map.of("sliding_window", 256)),
          new Model("qwen2", Map.of()),
          new Model("qwen3", Map.of("head_dim", 64)),
          new Model("phi3", Map.of("pad_token_id", 0)),
          new Model("gemma2", Map.of("head_dim", 64, "sliding_window", 128)),
          new Model("olmo2", Map.of()),
          new Model("granite", Map.of("logits_scaling", 8.0)),
          new Model("mixtral", Map.of("num_local_experts", 4, "num_experts_per_tok", 2)),
          new Model(
              "qwen3_moe",
              Map.of("num_experts", 8, "num_experts_per_tok", 2, "moe_intermediate_size", 256)),
          new Model("starcoder2", Map.of()));

  private static final List<Map.Entry<JobKey, List<String>>> CHOICES =
      List.of(
          Map.entry(JobKey.PRECISION, List.of("bf16", "bf16", "bf16-mixed", "fp32")),
          Map.entry(JobKey.CHECKPOINTING, List.of("none", "full", "full", "offloaded")),
          Map.entry(JobKey.CHECKPOINTING_REENTRANT, List.of("true", "false")),
          Map.entry(JobKey.ATTENTION, List.of("flash", "sdpa", "eager")),
          Map.entry(JobKey.LOSS, List.of("full", "full", "liger", "cce", "triton", "chunked")),
          Map.entry(
              JobKey.OPTIMIZER_NAME,
              List.of("adamw", "adamw-8bit", "paged-adamw-8bit", "adafactor", "lion", "sgd")),
          Map.entry(JobKey.LIGER_KERNELS, List.of("rms_norm", "swiglu", "rope,swiglu")),
          Map.entry(JobKey.PADDING, List.of("packed", "padded")),
          Map.entry(JobKey.COMPILE, List.of("true", "false")),
          Map.entry(JobKey.GRAD_ACCUM, List.of("1", "4")),
          Map.entry(JobKey.TRANSFORMERS_VERSION, List.of("4.36.0", "4.46.0", "4.57.0", "5.0.0")));

  private final Random random;

  private RandomJobs(Random random) {
    this.random = random;
  }

  /** A job with its model; some settings do not go together, so that not every one runs. */
  public static JobDocument roll(Random random) {
    return new RandomJobs(random).roll();
  }

  /** The law for those of the jobs that run. */
  static JobProperty thatRun() {
    return JobProperty.forAll(RandomJobs::roll).assuming(job -> new RandomJob(job).runs());
  }

  private JobDocument roll() {
    Model model = pick(MODELS);
    JobDocument document =
        JobDocument.empty()
            .with(JobKey.MODEL_CONFIG, config(model, pick(List.of(2, 3, 6))), Place.of("random"))
            .withFlag(JobKey.MICRO_BATCH, Integer.toString(1 + random.nextInt(4)))
            .withFlag(JobKey.SEQUENCE_LENGTH, Integer.toString(64 * (1 + random.nextInt(16))));
    for (Map.Entry<JobKey, List<String>> choice : CHOICES) {
      if (random.nextInt(3) > 0) {
        document = document.withFlag(choice.getKey(), pick(choice.getValue()));
      }
    }
    return withMethod(document);
  }

  private static Map<String, Object> config(Model model, int layers) {
    Map<String, Object> keys = new HashMap<>(model.keys());
    keys.put("num_hidden_layers", layers);
    return Estimates.config(model.type(), keys);
  }

  private JobDocument withMethod(JobDocument document) {
    String method = pick(List.of("full", "lora", "qlora", "dora", "freeze"));
    JobDocument with = document.withFlag(JobKey.METHOD, method);
    if (method.equals("freeze")) {
      // Frozen layers give a reentrant checkpoint no input that requires a gradient.
      return with.withFlag(JobKey.CHECKPOINTING_REENTRANT, "false")
          .withFlag(JobKey.CHECKPOINTING, pick(List.of("none", "full")));
    }
    if (method.equals("full")) {
      return random.nextInt(4) == 0 ? with.withFlag(JobKey.CHECKPOINTING, "selective") : with;
    }
    with = with.withFlag(JobKey.LORA_RANK, Integer.toString(1 + random.nextInt(64)));
    if (random.nextBoolean()) {
      with = with.withFlag(JobKey.LORA_TARGETS, "all-linear");
    }
    if (random.nextInt(3) == 0) {
      with = with.withFlag(JobKey.LORA_DROPOUT, "0.1");
    }
    return method.equals("qlora")
        ? with
        : with.withFlag(JobKey.QUANTIZATION_SCHEME, pick(List.of("none", "none", "nf4", "int8")));
  }

  private <T> T pick(List<T> options) {
    return options.get(random.nextInt(options.size()));
  }
}
