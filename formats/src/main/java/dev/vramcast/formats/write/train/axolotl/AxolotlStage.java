package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.StageKeys;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code rl} asks for: src/axolotl/core/builders/rl.py of 0.19. */
final class AxolotlStage {

  /** Of CPO, only SimPO has a word. */
  static final Set<Stage> STAGES =
      EnumSet.of(Stage.DPO, Stage.KTO, Stage.ORPO, Stage.CPO, Stage.REWARD, Stage.GRPO);

  private AxolotlStage() {}

  /** Puts the keys of a stage; none of the supervised one. */
  static void put(JobCoverage coverage, OutputKeys output) {
    switch (coverage.stage()) {
      case DPO -> direct(coverage, output);
      case KTO -> output.put("rl", "kto");
      case ORPO -> output.put("rl", "orpo");
      case CPO -> simpo(coverage, output);
      case GRPO -> online(coverage, output);
      case REWARD -> {
        scores(output);
        return;
      }
      default -> {
        return;
      }
    }
    if (coverage.stage() != Stage.GRPO) {
      coverage.wanted(JobKey.BETA, Double.class).ifPresent(beta -> output.put("rl_beta", beta));
      coverage.says(JobKey.BETA);
    }
  }

  /** The data sets of a stage, in a form that Axolotl has a transform for. */
  static List<Object> data(Stage stage) {
    Map<String, Object> set = new LinkedHashMap<>();
    switch (stage) {
      case KTO -> {
        set.put("path", "argilla/ultrafeedback-binarized-preferences-cleaned-kto");
        set.put("type", "llama3.ultra");
      }
      case GRPO -> {
        set.put("path", "openai/gsm8k");
        set.put("name", "main");
        set.put("type", "rewards.prompt_transform");
      }
      case REWARD -> {
        set.put("path", "argilla/distilabel-intel-orca-dpo-pairs");
        set.put("type", "bradley_terry.chat_template");
      }
      default -> {
        set.put("path", "Intel/orca_dpo_pairs");
        set.put("type", "chatml.intel");
      }
    }
    set.put("split", "train");
    return List.of(set);
  }

  /**
   * A key of its own, and no word of {@code rl}; utils/schemas/validation.py hint_reward_model_pad
   * fills rows up to {@code sequence_len} where nothing is said.
   */
  private static void scores(OutputKeys output) {
    output.put("model_type", "AutoModelForSequenceClassification");
    output.put("num_labels", 1).put("reward_model", true);
    output.put("chat_template", "tokenizer_default");
    output.put("pad_to_sequence_len", false);
  }

  private static void direct(JobCoverage coverage, OutputKeys output) {
    List<String> types = coverage.words(JobKey.LOSS_TYPE);
    boolean ipo = types.equals(List.of("ipo"));
    output.put("rl", ipo ? "ipo" : "dpo");
    if (!types.isEmpty() && !ipo) {
      output.put("dpo_loss_type", types);
    }
    if (coverage.wanted(JobKey.LOSS_WEIGHTS, List.class).isPresent()) {
      output.put("dpo_loss_weights", StageKeys.weights(coverage));
    }
    coverage
        .wanted(JobKey.WEIGHTING, Boolean.class)
        .ifPresent(weighting -> output.put("dpo_use_weighting", weighting));
    coverage
        .wanted(JobKey.LABEL_SMOOTHING, Double.class)
        .ifPresent(share -> output.put("dpo_label_smoothing", share));
    coverage.says(JobKey.LOSS_TYPE, JobKey.LOSS_WEIGHTS, JobKey.WEIGHTING, JobKey.LABEL_SMOOTHING);
    StageKeys.reference(coverage, output, "precompute_ref_log_probs");
  }

  private static void simpo(JobCoverage coverage, OutputKeys output) {
    if (!coverage.words(JobKey.LOSS_TYPE).equals(List.of("simpo"))) {
      throw coverage.refusal(JobKey.LOSS_TYPE, "simpo");
    }
    output.put("rl", "simpo");
    coverage
        .wanted(JobKey.LOSS_ALPHA, Double.class)
        .ifPresent(alpha -> output.put("cpo_alpha", alpha));
    coverage.says(JobKey.LOSS_TYPE, JobKey.LOSS_ALPHA);
  }

  /**
   * What core/trainers/grpo/__init__.py hands on to TRL. Rewards and the transform of the data are
   * functions of a module of the user's.
   */
  private static void online(JobCoverage coverage, OutputKeys output) {
    output.put("rl", "grpo");
    take(coverage, output, "trl.beta", JobKey.BETA);
    List<String> types = coverage.words(JobKey.LOSS_TYPE);
    if (types.size() == 1) {
      output.put("trl.loss_type", types.get(0));
      coverage.says(JobKey.LOSS_TYPE);
    }
    take(coverage, output, "trl.num_generations", JobKey.GROUP_SIZE);
    take(coverage, output, "trl.num_iterations", JobKey.ITERATIONS);
    take(coverage, output, "trl.max_completion_length", JobKey.COMPLETION_LENGTH);
    output.put("trl.reward_funcs", List.of("rewards.reward"));
    engine(coverage, output);
    coverage.warn("trl.reward_funcs and the type of datasets name functions of a file rewards.py");
  }

  private static void engine(JobCoverage coverage, OutputKeys output) {
    GenerationEngine engine =
        coverage
            .wanted(JobKey.ENGINE, GenerationEngine.class)
            .orElse(GenerationEngine.TRANSFORMERS);
    boolean beside = engine == GenerationEngine.VLLM_COLOCATE;
    switch (engine) {
      case TRANSFORMERS -> output.put("trl.use_vllm", false);
      case VLLM_COLOCATE, VLLM_SERVER -> {
        output.put("trl.use_vllm", true);
        output.put("trl.vllm_mode", beside ? "colocate" : "server");
      }
      case NONE, SGLANG_COLOCATE, SGLANG_SERVER, DEEPSPEED_HYBRID, SHARED ->
          throw coverage.refusal(JobKey.ENGINE, "transformers, vllm-colocate, vllm-server");
    }
    coverage.says(JobKey.ENGINE);
    if (beside) {
      take(coverage, output, "vllm.gpu_memory_utilization", JobKey.ENGINE_FRACTION);
      take(coverage, output, "vllm.tensor_parallel_size", JobKey.ENGINE_TENSOR);
      Optional<Integer> sleep = coverage.wanted(JobKey.ENGINE_SLEEP, Integer.class);
      sleep.ifPresent(level -> output.put("trl.vllm_enable_sleep_mode", level > 0));
      // trl/generation/vllm_generation.py sleeps at level 2.
      sleep.ifPresent(level -> coverage.settles(JobKey.ENGINE_SLEEP, level > 0 ? 2 : 0));
    }
  }

  private static void take(JobCoverage coverage, OutputKeys output, String name, JobKey key) {
    coverage.wanted(key, Object.class).ifPresent(value -> output.put(name, value));
    coverage.says(key);
  }
}
