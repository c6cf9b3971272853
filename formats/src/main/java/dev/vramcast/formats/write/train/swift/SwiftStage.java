package dev.vramcast.formats.write.train.swift;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.StageKeys;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code swift rlhf}: swift/arguments/rlhf_args.py of 4.6. */
final class SwiftStage {

  static final Set<Stage> STAGES =
      EnumSet.of(
          Stage.DPO,
          Stage.KTO,
          Stage.ORPO,
          Stage.CPO,
          Stage.REWARD,
          Stage.GRPO,
          Stage.DISTILLATION);

  private SwiftStage() {}

  /** Puts the keys of a stage; none of the supervised one. */
  static void put(JobCoverage coverage, OutputKeys output) {
    Stage stage = coverage.stage();
    if (stage == Stage.SFT) {
      return;
    }
    boolean simpo = stage == Stage.CPO && coverage.is(JobKey.LOSS_TYPE, List.of("simpo"));
    output.put("rlhf_type", simpo ? "simpo" : word(stage));
    if (coverage.is(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED)) {
      // swift/rlhf_trainers/dpo_trainer.py refuses precompute_ref_log_probs.
      throw coverage.refusal(JobKey.REFERENCE, "adapter-off, copy");
    }
    if (stage != Stage.REWARD) {
      take(coverage, output, "beta", JobKey.BETA);
    }
    boolean typed = stage == Stage.DPO || stage == Stage.KTO || stage == Stage.GRPO;
    if (typed || stage == Stage.CPO && !simpo) {
      take(coverage, output, "loss_type", JobKey.LOSS_TYPE);
    }
    coverage.says(JobKey.LOSS_TYPE);
    if (stage == Stage.DPO) {
      weights(coverage, output);
    }
    if (stage == Stage.CPO) {
      take(coverage, output, "cpo_alpha", JobKey.LOSS_ALPHA);
    }
    if (stage == Stage.DPO || stage == Stage.CPO) {
      take(coverage, output, "label_smoothing", JobKey.LABEL_SMOOTHING);
    }
    if (stage == Stage.GRPO) {
      generation(coverage, output);
    }
    if (stage == Stage.DISTILLATION) {
      distillation(coverage, output);
    }
  }

  private static String word(Stage stage) {
    return switch (stage) {
      case REWARD -> "rm";
      case DISTILLATION -> "gkd";
      default -> stage.label();
    };
  }

  /** Whether {@code max_length} cuts prompts alone: completions are generated. */
  static boolean generates(JobCoverage coverage) {
    boolean itself = coverage.stage() == Stage.DISTILLATION && engine(coverage).isPresent();
    return StageKeys.isOnline(coverage) || itself;
  }

  private static Optional<GenerationEngine> engine(JobCoverage coverage) {
    return coverage
        .wanted(JobKey.ENGINE, GenerationEngine.class)
        .filter(engine -> engine != GenerationEngine.NONE);
  }

  /** {@code lmbda} is the share of batches whose answers the student generates. */
  private static void distillation(JobCoverage coverage, OutputKeys output) {
    output.put("teacher_model", coverage.teacher());
    coverage.says(JobKey.TEACHER);
    boolean generates = engine(coverage).isPresent();
    output.put("lmbda", generates ? 1 : 0);
    coverage.says(JobKey.ENGINE);
    if (generates) {
      engine(coverage, output);
    }
  }

  private static void weights(JobCoverage coverage, OutputKeys output) {
    List<Object> weights = StageKeys.weights(coverage);
    if (!weights.isEmpty()) {
      output.put("loss_weights", weights);
    }
    coverage.says(JobKey.LOSS_WEIGHTS);
  }

  /** A data set whose columns ms-swift knows. */
  static String data(Stage stage) {
    return switch (stage) {
      case KTO -> "argilla/ultrafeedback-binarized-preferences-cleaned-kto";
      case GRPO -> "AI-MO/NuminaMath-TIR";
      case DISTILLATION -> FileDefaults.DATA_SET;
      default -> "HumanLLMs/Human-Like-DPO-Dataset";
    };
  }

  private static void generation(JobCoverage coverage, OutputKeys output) {
    output.put("reward_funcs", List.of("accuracy", "format"));
    take(coverage, output, "num_generations", JobKey.GROUP_SIZE);
    take(coverage, output, "steps_per_generation", JobKey.STEPS_PER_GENERATION);
    take(coverage, output, "num_iterations", JobKey.ITERATIONS);
    engine(coverage, output);
  }

  private static void engine(JobCoverage coverage, OutputKeys output) {
    GenerationEngine engine =
        coverage
            .wanted(JobKey.ENGINE, GenerationEngine.class)
            .orElse(GenerationEngine.TRANSFORMERS);
    boolean beside = engine == GenerationEngine.VLLM_COLOCATE;
    switch (engine) {
      case TRANSFORMERS -> output.put("use_vllm", false);
      case VLLM_COLOCATE, VLLM_SERVER ->
          output.put("use_vllm", true).put("vllm_mode", beside ? "colocate" : "server");
      case NONE, SGLANG_COLOCATE, SGLANG_SERVER, DEEPSPEED_HYBRID, SHARED ->
          throw coverage.refusal(JobKey.ENGINE, "transformers, vllm-colocate, vllm-server");
    }
    coverage.says(JobKey.ENGINE);
    if (beside) {
      take(coverage, output, "vllm_gpu_memory_utilization", JobKey.ENGINE_FRACTION);
      take(coverage, output, "vllm_tensor_parallel_size", JobKey.ENGINE_TENSOR);
      take(coverage, output, "vllm_max_model_len", JobKey.ENGINE_LENGTH);
      take(coverage, output, "sleep_level", JobKey.ENGINE_SLEEP);
      List<?> away = coverage.wanted(JobKey.OFFLOAD_WHILE_GENERATING, List.class).orElse(List.of());
      output.put("offload_model", away.contains("parameters"));
      output.put("offload_optimizer", away.contains("optimizer"));
      coverage.says(JobKey.OFFLOAD_WHILE_GENERATING);
    }
  }

  private static void take(JobCoverage coverage, OutputKeys output, String name, JobKey key) {
    coverage.wanted(key, Object.class).ifPresent(value -> output.put(name, value));
    coverage.says(key);
  }
}
