package dev.vramcast.formats.writers;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.write.TrainingJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Jobs to be written. */
final class Jobs {

  static final String MODEL = "meta-llama/Llama-3.1-8B";

  /** Values that are drawn for each key. */
  private static final Map<JobKey, List<?>> CHOICES = new LinkedHashMap<>();

  static {
    CHOICES.put(JobKey.METHOD, List.of("full", "lora", "qlora", "dora", "rslora", "pissa"));
    CHOICES.put(JobKey.QUANTIZATION_SCHEME, List.of("none", "nf4", "fp4", "int8"));
    CHOICES.put(JobKey.DOUBLE_QUANT, List.of(true, false));
    CHOICES.put(JobKey.LORA_RANK, List.of(4, 16, 256));
    CHOICES.put(JobKey.LORA_ALPHA, List.of(8, 32, 12.5));
    CHOICES.put(JobKey.LORA_DROPOUT, List.of(0, 0.05, 0.1));
    CHOICES.put(
        JobKey.LORA_TARGETS,
        List.of(
            "all-linear", List.of("q_proj", "v_proj"), List.of("o_proj", "down_proj"), List.of()));
    CHOICES.put(JobKey.TARGET_PARAMETERS, List.of(List.of("mlp.experts.down_proj")));
    CHOICES.put(JobKey.LORA_MODULES_TO_SAVE, List.of(List.of("embed_tokens", "lm_head")));
    CHOICES.put(JobKey.LORA_DTYPE, List.of("fp32", "bf16"));
    CHOICES.put(JobKey.PRECISION, List.of("fp32", "bf16", "bf16-mixed", "fp16-mixed"));
    CHOICES.put(JobKey.MODEL_DTYPE, List.of("fp32", "bf16"));
    CHOICES.put(
        JobKey.OPTIMIZER_NAME,
        List.of("adamw", "adamw-8bit", "paged-adamw", "paged-adamw-8bit", "adafactor", "lion"));
    CHOICES.put(JobKey.OPTIMIZER_IMPLEMENTATION, List.of("fused", "foreach", "torchao"));
    CHOICES.put(JobKey.MICRO_BATCH, List.of(1, 2, 8));
    CHOICES.put(JobKey.GRAD_ACCUM, List.of(1, 4));
    CHOICES.put(JobKey.PADDING, List.of("packed", "padded", "longest"));
    CHOICES.put(JobKey.CHECKPOINTING, List.of("none", "full", "selective", "offloaded"));
    CHOICES.put(JobKey.CHECKPOINTING_REENTRANT, List.of(true, false));
    CHOICES.put(JobKey.CHECKPOINTING_EVERY, List.of(1, 2, 3));
    CHOICES.put(JobKey.ATTENTION, List.of("flash", "sdpa", "eager", "flex"));
    CHOICES.put(JobKey.LOSS, List.of("full", "chunked", "liger", "cce", "triton"));
    CHOICES.put(JobKey.LIGER_KERNELS, List.of(List.of("rms_norm"), List.of("rope", "swiglu")));
    CHOICES.put(JobKey.COMPILE, List.of(true, false));
    CHOICES.put(JobKey.GPU_COUNT, List.of(1, 2, 8));
    CHOICES.put(
        JobKey.STRATEGY,
        List.of("none", "ddp", "fsdp1", "fsdp2", "zero1", "zero2", "zero3", "fsdp2"));
    CHOICES.put(JobKey.RESHARD_AFTER_FORWARD, List.of(true, false));
    CHOICES.put(
        JobKey.OFFLOAD,
        List.of(List.of("parameters"), List.of("optimizer"), List.of("parameters", "optimizer")));
    CHOICES.put(JobKey.EPOCHS, List.of(1, 3, 2.5));
    CHOICES.put(
        JobKey.FRAMEWORK_NAME,
        List.of("axolotl", "trl", "llama-factory", "ms-swift", "unsloth", "torchtune", "litgpt"));
  }

  private Jobs() {}

  /** A document with a value for about half of the keys. */
  static JobDocument random(Random random) {
    JobDocument document =
        JobDocument.empty()
            .with(JobKey.MODEL_ID, MODEL, Place.of("random"))
            .with(JobKey.SEQUENCE_LENGTH, 512 << random.nextInt(4), Place.of("random"));
    for (Map.Entry<JobKey, List<?>> choice : CHOICES.entrySet()) {
      if (random.nextBoolean()) {
        List<?> values = choice.getValue();
        document =
            document.with(
                choice.getKey(), values.get(random.nextInt(values.size())), Place.of("random"));
      }
    }
    return document;
  }

  /** A document of a stage beside the supervised one, with a value for about half of its keys. */
  static JobDocument ofAStage(Random random) {
    List<String> stages = List.of("dpo", "kto", "orpo", "cpo", "reward", "grpo", "rloo", "ppo");
    String stage = stages.get(random.nextInt(stages.size()));
    JobDocument document = random(random).with(JobKey.STAGE, stage, Place.of("random"));
    for (Map.Entry<JobKey, List<?>> choice : choices(stage).entrySet()) {
      if (random.nextBoolean()) {
        List<?> values = choice.getValue();
        document =
            document.with(
                choice.getKey(), values.get(random.nextInt(values.size())), Place.of("random"));
      }
    }
    return document;
  }

  private static Map<JobKey, List<?>> choices(String stage) {
    Map<JobKey, List<?>> choices = new LinkedHashMap<>();
    if (!stage.equals("reward")) {
      choices.put(JobKey.BETA, List.of(0.0, 0.05, 2.5));
    }
    switch (stage) {
      case "dpo" -> {
        choices.put(
            JobKey.LOSS_TYPE,
            List.of(List.of("sigmoid"), List.of("ipo"), List.of("hinge"), List.of("robust")));
        choices.put(JobKey.LABEL_SMOOTHING, List.of(0.1));
        choices.put(JobKey.REFERENCE, List.of("precomputed"));
        choices.put(JobKey.WEIGHTING, List.of(true));
      }
      case "kto" -> choices.put(JobKey.LOSS_TYPE, List.of(List.of("apo_zero_unpaired")));
      case "cpo" -> {
        choices.put(JobKey.LOSS_TYPE, List.of(List.of("simpo"), List.of("hinge")));
        choices.put(JobKey.LOSS_ALPHA, List.of(0.5));
      }
      case "ppo" -> {
        choices.put(JobKey.REWARD_MODELS, List.of(List.of()));
        choices.put(JobKey.STEPS_PER_GENERATION, List.of(4, 8));
        choices.put(JobKey.ITERATIONS, List.of(2));
        choices.put(JobKey.COMPLETION_LENGTH, List.of(128, 256));
        choices.put(JobKey.REFERENCE, List.of("copy"));
      }
      case "grpo", "rloo" -> {
        choices.put(JobKey.GROUP_SIZE, List.of(2, 8));
        choices.put(JobKey.STEPS_PER_GENERATION, List.of(4, 8));
        choices.put(JobKey.ITERATIONS, List.of(2));
        choices.put(JobKey.COMPLETION_LENGTH, List.of(128, 256));
        choices.put(
            JobKey.ENGINE, List.of("transformers", "vllm-colocate", "vllm-server", "shared"));
        choices.put(JobKey.ENGINE_FRACTION, List.of(0.3, 0.55));
        choices.put(JobKey.ENGINE_SLEEP, List.of(0, 1, 2));
        choices.put(JobKey.ENGINE_LENGTH, List.of(8192));
        choices.put(JobKey.ENGINE_TENSOR, List.of(2));
      }
      default -> {}
    }
    return choices;
  }

  /** The job to be written; empty when its values contradict each other. */
  static Optional<TrainingJob> job(JobDocument document) {
    try {
      String model = document.text(JobKey.MODEL_ID).orElseThrow();
      return Optional.of(new TrainingJob(model, document, JobResolver.resolve(document)));
    } catch (InputException e) {
      return Optional.empty();
    }
  }
}
