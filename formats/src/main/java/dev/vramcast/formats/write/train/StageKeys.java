package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Arguments of TRL's trainers beside the supervised one (trl/trainer/dpo_config.py, kto_config.py,
 * grpo_config.py, rloo_config.py of 1.16), which frameworks on TRL take under the same names.
 */
public final class StageKeys {

  private static final Set<Stage> ONLINE = EnumSet.of(Stage.GRPO, Stage.RLOO);

  private final JobCoverage coverage;
  private final OutputKeys output;
  private final String section;

  private StageKeys(JobCoverage coverage, OutputKeys output, String section) {
    this.coverage = coverage;
    this.output = output;
    this.section = section;
  }

  /** Whether completions are generated. */
  public static boolean isOnline(JobCoverage coverage) {
    return ONLINE.contains(coverage.stage());
  }

  /**
   * Puts the arguments of the job's stage.
   *
   * @param section in which they stand, with a dot behind it; may be empty
   */
  public static void put(JobCoverage coverage, OutputKeys output, String section) {
    StageKeys keys = new StageKeys(coverage, output, section);
    keys.loss();
    if (isOnline(coverage)) {
      keys.generation();
    }
  }

  /** A reference that was computed before; any other one follows from the method. */
  public static void reference(JobCoverage coverage, OutputKeys output, String key) {
    boolean precomputed = coverage.is(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED);
    if (precomputed) {
      output.put(key, true);
      coverage.says(JobKey.REFERENCE);
    }
  }

  private void loss() {
    Stage stage = coverage.stage();
    if (stage != Stage.REWARD) {
      take("beta", JobKey.BETA);
    }
    if (stage == Stage.DPO || stage == Stage.KTO) {
      reference(coverage, output, section + "precompute_ref_log_probs");
    }
    if (stage == Stage.DPO || stage == Stage.CPO) {
      take("label_smoothing", JobKey.LABEL_SMOOTHING);
    }
    List<String> types = coverage.words(JobKey.LOSS_TYPE);
    if (!types.isEmpty() && stage != Stage.RLOO && stage != Stage.REWARD) {
      output.put(section + "loss_type", types.size() == 1 ? types.get(0) : types);
      coverage.says(JobKey.LOSS_TYPE);
    }
    if (stage == Stage.DPO) {
      if (coverage.wanted(JobKey.LOSS_WEIGHTS, List.class).isPresent()) {
        output.put(section + "loss_weights", weights(coverage));
      }
      coverage.says(JobKey.LOSS_WEIGHTS);
      take("use_weighting", JobKey.WEIGHTING);
    }
    if (stage == Stage.CPO) {
      take("cpo_alpha", JobKey.LOSS_ALPHA);
    }
  }

  /** Weights of several losses, as they are written. */
  public static List<Object> weights(JobCoverage coverage) {
    List<?> weights = coverage.wanted(JobKey.LOSS_WEIGHTS, List.class).orElse(List.of());
    List<Object> numbers = new ArrayList<>();
    weights.forEach(weight -> numbers.add(OutputKeys.number((Double) weight)));
    return numbers;
  }

  private void generation() {
    take("num_generations", JobKey.GROUP_SIZE);
    take("steps_per_generation", JobKey.STEPS_PER_GENERATION);
    take("num_iterations", JobKey.ITERATIONS);
    take("max_completion_length", JobKey.COMPLETION_LENGTH);
    GenerationEngine engine =
        coverage
            .wanted(JobKey.ENGINE, GenerationEngine.class)
            .orElse(GenerationEngine.TRANSFORMERS);
    switch (engine) {
      case TRANSFORMERS -> output.put(section + "use_vllm", false);
      case VLLM_COLOCATE -> vllm("colocate");
      case VLLM_SERVER -> vllm("server");
      case NONE, SGLANG_COLOCATE, SGLANG_SERVER, DEEPSPEED_HYBRID, SHARED ->
          throw coverage.refusal(JobKey.ENGINE, "transformers, vllm-colocate, vllm-server");
    }
    coverage.says(JobKey.ENGINE);
  }

  private void vllm(String mode) {
    output.put(section + "use_vllm", true);
    output.put(section + "vllm_mode", mode);
    if (mode.equals("server")) {
      return;
    }
    take("vllm_gpu_memory_utilization", JobKey.ENGINE_FRACTION);
    take("vllm_tensor_parallel_size", JobKey.ENGINE_TENSOR);
    take("vllm_max_model_length", JobKey.ENGINE_LENGTH);
    length();
    Optional<Integer> sleep = coverage.wanted(JobKey.ENGINE_SLEEP, Integer.class);
    sleep.ifPresent(
        level -> {
          output.put(section + "vllm_enable_sleep_mode", level > 0);
          // trl/generation/vllm_generation.py sleeps at level 2.
          coverage.settles(JobKey.ENGINE_SLEEP, level > 0 ? 2 : 0);
        });
  }

  /** What the engine can hold is what cuts prompts: nothing else does since TRL 0.29. */
  private void length() {
    Optional<Integer> engine = coverage.wanted(JobKey.ENGINE_LENGTH, Integer.class);
    Optional<Integer> completion = coverage.wanted(JobKey.COMPLETION_LENGTH, Integer.class);
    if (engine.isPresent() && completion.filter(c -> c < engine.get()).isPresent()) {
      coverage.settles(JobKey.PROMPT_LENGTH, engine.get() - completion.get());
      coverage.settles(JobKey.SEQUENCE_LENGTH, engine.get());
    }
  }

  private void take(String name, JobKey key) {
    coverage.wanted(key, Object.class).ifPresent(value -> output.put(section + name, value));
    coverage.says(key);
  }
}
