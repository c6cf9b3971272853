package dev.vramcast.formats.write.train.unsloth;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.training.unsloth.Groups;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** TRL's trainers that Unsloth rewrites, by their classes. */
final class UnslothStage {

  static final Set<Stage> STAGES = EnumSet.of(Stage.DPO, Stage.KTO, Stage.GRPO);

  private UnslothStage() {}

  /** The beginning of the names of trainer and arguments. */
  static String classes(Stage stage) {
    return switch (stage) {
      case DPO -> "DPO";
      case KTO -> "KTO";
      case GRPO -> "GRPO";
      default -> "SFT";
    };
  }

  /**
   * Arguments of the call that loads the model: the engine that is made beside it, with as much of
   * the card (unsloth_zoo/vllm_utils.py load_vllm).
   */
  static Map<String, Object> engine(JobCoverage coverage) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    if (coverage.stage() != Stage.GRPO) {
      return arguments;
    }
    GenerationEngine engine =
        coverage
            .wanted(JobKey.ENGINE, GenerationEngine.class)
            .orElse(GenerationEngine.TRANSFORMERS);
    switch (engine) {
      case TRANSFORMERS -> {}
      case SHARED -> {
        arguments.put("fast_inference", true);
        coverage
            .wanted(JobKey.ENGINE_FRACTION, Double.class)
            .ifPresent(share -> arguments.put("gpu_memory_utilization", OutputKeys.number(share)));
        coverage
            .job()
            .adapter()
            .ifPresent(adapter -> arguments.put("max_lora_rank", adapter.rank()));
        coverage.says(JobKey.ENGINE_FRACTION, JobKey.ENGINE_SLEEP);
        if (standsBy(coverage)) {
          coverage.settles(JobKey.ENGINE_SLEEP, 1);
        }
        coverage.settles(JobKey.ENGINE_LENGTH, coverage.job().batch().sequenceLength());
      }
      case NONE, VLLM_COLOCATE, VLLM_SERVER, SGLANG_COLOCATE, SGLANG_SERVER, DEEPSPEED_HYBRID ->
          throw coverage.refusal(JobKey.ENGINE, "transformers, shared");
    }
    coverage.says(JobKey.ENGINE);
    return arguments;
  }

  /** The micro-batch that Unsloth would make of the one that is wanted. */
  static int microBatch(JobCoverage coverage) {
    int micro = coverage.job().batch().microBatch();
    boolean told = coverage.wanted(JobKey.STEPS_PER_GENERATION, Integer.class).isPresent();
    if (coverage.stage() != Stage.GRPO || told) {
      return micro;
    }
    int group = coverage.wanted(JobKey.GROUP_SIZE, Integer.class).orElse(Groups.USUAL);
    return Groups.microBatch(micro, coverage.job().batch().gradAccum(), group);
  }

  /** Whether keys and values leave the card while the policy trains: a variable, no argument. */
  static boolean standsBy(JobCoverage coverage) {
    Optional<GenerationEngine> engine = coverage.wanted(JobKey.ENGINE, GenerationEngine.class);
    return engine.filter(GenerationEngine::lendsWeights).isPresent()
        && coverage
            .wanted(JobKey.ENGINE_SLEEP, Integer.class)
            .filter(level -> level > 0)
            .isPresent();
  }

  /** Arguments of the trainer. */
  static Map<String, Object> arguments(JobCoverage coverage) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    if (coverage.is(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED)) {
      arguments.put("precompute_ref_log_probs", true);
      coverage.says(JobKey.REFERENCE);
    }
    coverage
        .wanted(JobKey.BETA, Double.class)
        .ifPresent(beta -> arguments.put("beta", OutputKeys.number(beta)));
    List<String> types = coverage.words(JobKey.LOSS_TYPE);
    if (!types.isEmpty()) {
      arguments.put("loss_type", types.size() == 1 ? types.get(0) : types);
    }
    coverage.says(JobKey.BETA, JobKey.LOSS_TYPE);
    if (coverage.stage() == Stage.GRPO) {
      take(coverage, arguments, "num_generations", JobKey.GROUP_SIZE);
      take(coverage, arguments, "steps_per_generation", JobKey.STEPS_PER_GENERATION);
      take(coverage, arguments, "num_iterations", JobKey.ITERATIONS);
      take(coverage, arguments, "max_completion_length", JobKey.COMPLETION_LENGTH);
    }
    return arguments;
  }

  private static void take(
      JobCoverage coverage, Map<String, Object> arguments, String name, JobKey key) {
    coverage.wanted(key, Object.class).ifPresent(value -> arguments.put(name, value));
    coverage.says(key);
  }
}
