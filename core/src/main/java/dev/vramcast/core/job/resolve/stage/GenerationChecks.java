package dev.vramcast.core.job.resolve.stage;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.rule.CompletionGroup;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.value.NamedBits;
import java.util.Map;
import java.util.Optional;

/** Refuses settings of an engine that contradict it, or the batch that it generates. */
final class GenerationChecks {

  private final PartialJob d;

  private GenerationChecks(PartialJob d) {
    this.d = d;
  }

  /** Of a job that generates completions. */
  static void check(PartialJob d) {
    GenerationChecks checks = new GenerationChecks(d);
    checks.checkSleep();
    checks.checkAhead();
    checks.checkTensor();
    checks.checkStored();
    checks.checkLength();
  }

  /**
   * All completions of a prompt are generated at once (trl/trainer/grpo_config.py, {@code
   * generation_batch_size} must be divisible by {@code num_generations}). A group that nobody asked
   * for is no fault of the job's yet, so that it is warned of.
   */
  static void checkGroup(PartialJob d) {
    Optional<Integer> group = d.find(JobKey.GROUP_SIZE, Integer.class);
    long batch = CompletionGroup.batch(d);
    if (group.isEmpty() || batch % group.get() == 0) {
      return;
    }
    Object[] parts = {
      JobKey.MICRO_BATCH,
      " " + d.whole(JobKey.MICRO_BATCH) + " x ",
      CompletionGroup.ranks(d) + " GPUs x ",
      JobKey.STEPS_PER_GENERATION,
      " " + CompletionGroup.steps(d) + " is ",
      batch
    };
    if (d.isSet(JobKey.GROUP_SIZE)) {
      throw d.given(JobKey.GROUP_SIZE)
          .and(", but ")
          .and(parts)
          .allowed("a number that divides it")
          .refusal();
    }
    d.warn(
        d.document()
            .about(JobKey.GROUP_SIZE, " is ", group.get(), " where nobody says it, but ")
            .and(parts)
            .and(", which it does not divide: the trainer refuses to start"));
  }

  private void checkSleep() {
    GenerationEngine engine = d.get(JobKey.ENGINE, GenerationEngine.class);
    boolean sleeps =
        switch (engine) {
          case VLLM_COLOCATE, SGLANG_COLOCATE, SHARED -> true;
          case NONE, TRANSFORMERS, VLLM_SERVER, SGLANG_SERVER, DEEPSPEED_HYBRID -> false;
        };
    if (d.isSet(JobKey.ENGINE_SLEEP) && !d.isSet(JobKey.ENGINE_SLEEP, 0) && !sleeps) {
      throw d.given(JobKey.ENGINE_SLEEP)
          .and(", but ", JobKey.ENGINE, " ", engine, " does not sleep")
          .allowed("0, or ", JobKey.ENGINE, " vllm-colocate, sglang-colocate, shared")
          .refusal();
    }
    if (d.isSet(JobKey.ENGINE_SLEEP, 2) && engine.lendsWeights()) {
      throw d.given(JobKey.ENGINE_SLEEP)
          .and(", but weights of ", JobKey.ENGINE, " ", engine, " are the policy's, which stay")
          .allowed("0, 1")
          .refusal();
    }
  }

  private void checkAhead() {
    GenerationEngine engine = d.get(JobKey.ENGINE, GenerationEngine.class);
    if (d.isSet(JobKey.ENGINE_AHEAD, true) && !engine.hasOwnCards()) {
      throw d.given(JobKey.ENGINE_AHEAD)
          .and(", but ", JobKey.ENGINE, " ", engine, " has no GPUs of its own")
          .allowed("false, or ", JobKey.ENGINE, " vllm-server, sglang-server")
          .refusal();
    }
  }

  /**
   * An engine on the cards that train takes all of them in groups (trl/generation/
   * vllm_generation.py, verl/workers/fsdp_workers.py: the number of processes is a multiple).
   */
  private void checkTensor() {
    Optional<Integer> tensor = d.find(JobKey.ENGINE_TENSOR, Integer.class);
    boolean told = tensor.isPresent() && d.isSet(JobKey.GPU_COUNT);
    if (!told || !d.get(JobKey.ENGINE, GenerationEngine.class).sharesCards()) {
      return;
    }
    int gpus = d.whole(JobKey.GPU_COUNT);
    if (gpus % tensor.get() != 0) {
      InputError refused =
          d.isSet(JobKey.ENGINE_TENSOR)
              ? d.given(JobKey.ENGINE_TENSOR)
              : InputError.about(JobKey.ENGINE_TENSOR)
                  .is(tensor.get())
                  .and(" by default of ", d.get(JobKey.FRAMEWORK_NAME, String.class));
      throw refused
          .and(", but ", JobKey.GPU_COUNT, " is ", gpus)
          .allowed(
              gpus == 1 ? "1" : "a number that divides it",
              ", or ",
              JobKey.GPU_COUNT,
              " a multiple of ",
              tensor.get())
          .refusal();
    }
  }

  /**
   * Blocks of a checkpoint in bitsandbytes' 4 or 8 bits are not those of its slices, so that vLLM
   * loads none over several GPUs, in every release that divides such models at all: since 0.6.2
   * (vllm/model_executor/model_loader/bitsandbytes_loader.py, "Prequant BitsAndBytes models with
   * tensor parallelism is not supported"); before, it refuses others too. What is quantised while
   * it is loaded is divided first.
   */
  private void checkStored() {
    GenerationEngine engine = d.get(JobKey.ENGINE, GenerationEngine.class);
    boolean vllm =
        engine == GenerationEngine.VLLM_COLOCATE || engine == GenerationEngine.VLLM_SERVER;
    int tensor = d.find(JobKey.ENGINE_TENSOR, Integer.class).orElse(1);
    if (vllm && tensor > 1 && isStoredInBlocks()) {
      throw d.given(JobKey.ENGINE_TENSOR)
          .and(", but vLLM cannot divide what ", JobKey.MODEL_ID, " stores in bitsandbytes' blocks")
          .allowed("1, or a ", JobKey.MODEL_ID, " in 16 bits")
          .refusal();
    }
  }

  /** As its {@code config.json} says, or its name. */
  private boolean isStoredInBlocks() {
    Object stored =
        d.document()
            .model()
            .map(model -> model.values().get("quantization_config"))
            .orElse(Map.of());
    if (stored instanceof Map<?, ?> config && !config.isEmpty()) {
      return "bitsandbytes".equals(config.get("quant_method"))
          || Boolean.TRUE.equals(config.get("load_in_4bit"))
          || Boolean.TRUE.equals(config.get("load_in_8bit"));
    }
    return d.document().text(JobKey.MODEL_ID).filter(NamedBits::areBlocks).isPresent();
  }

  /** A packed row that is not said to be a prompt and its completion may hold several of both. */
  private void checkLength() {
    boolean several =
        d.get(JobKey.PADDING, Padding.class) == Padding.PACKED && !d.isSet(JobKey.PROMPT_LENGTH);
    if (!d.isSet(JobKey.ENGINE_LENGTH) || several) {
      return;
    }
    int length = d.whole(JobKey.SEQUENCE_LENGTH);
    if (length > d.whole(JobKey.ENGINE_LENGTH)) {
      throw d.given(JobKey.ENGINE_LENGTH)
          .and(", but ", JobKey.SEQUENCE_LENGTH, " is ", length)
          .allowed("at least that")
          .refusal();
    }
  }
}
