package dev.vramcast.formats.write.train.llamafactory;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.List;

/**
 * PPO: src/llamafactory/hparams/finetuning_args.py and generating_args.py, and train/ppo/trainer.py
 * of 0.9.5, whose weight of the reference is TRL's own.
 */
final class LlamaFactoryProximal {

  /** What stands for a name that a job does not have. */
  private static final String ADAPTER = "path/to/reward-adapter";

  private static final String SERVER = "http://localhost:8000/score";

  /** What it cuts and makes are two numbers, which a text's length alone does not tell. */
  private static final List<JobKey> PARTS = List.of(JobKey.PROMPT_LENGTH, JobKey.COMPLETION_LENGTH);

  private LlamaFactoryProximal() {}

  /** Tokens at which texts are cut: those of prompts, on top of which completions come. */
  static int longest(JobCoverage coverage) {
    int all = coverage.job().batch().sequenceLength();
    if (coverage.stage() != Stage.PPO) {
      return all;
    }
    return Math.max(1, all - completion(coverage));
  }

  /** A text's length alone does not tell how much of it is completed. */
  private static void lengths(JobCoverage coverage, OutputKeys output) {
    boolean told = PARTS.stream().anyMatch(key -> coverage.told(key, Integer.class).isPresent());
    if (!told && longest(coverage) == 1) {
      throw coverage
          .error(JobKey.SEQUENCE_LENGTH, "")
          .allowed("a longer one, or one with ", PARTS.get(0), " or ", PARTS.get(1))
          .refusal();
    }
    output.put("max_new_tokens", completion(coverage));
    coverage.settles(JobKey.COMPLETION_LENGTH, completion(coverage));
    coverage.settles(JobKey.PROMPT_LENGTH, longest(coverage));
    if (!told) {
      coverage.warn(
          "max_new_tokens is the framework's own, and cutoff_len what it leaves of ",
          JobKey.SEQUENCE_LENGTH,
          "; ",
          PARTS.get(0),
          " or ",
          PARTS.get(1),
          " says others");
    }
  }

  static void put(JobCoverage coverage, OutputKeys output) {
    output.put("stage", "ppo");
    rewards(coverage, output);
    reference(coverage, output);
    if (generation(coverage).engine() != GenerationEngine.TRANSFORMERS) {
      throw coverage.refusal(JobKey.ENGINE, "transformers");
    }
    coverage.says(JobKey.ENGINE);
    lengths(coverage, output);
    coverage
        .wanted(JobKey.ITERATIONS, Integer.class)
        .ifPresent(epochs -> output.put("ppo_epochs", epochs));
    coverage.says(JobKey.ITERATIONS);
    buffer(coverage, output);
  }

  /**
   * Adapters of the policy's own base, which only adapters stand beside, a model of its own, or a
   * server (FinetuningArguments.__post_init__).
   */
  private static void rewards(JobCoverage coverage, OutputKeys output) {
    List<String> models = coverage.words(JobKey.REWARD_MODELS);
    boolean elsewhere = coverage.job().objective().isScoredElsewhere();
    if (models.size() > 1) {
      throw coverage.refusal(JobKey.REWARD_MODELS, "one model");
    }
    if (!models.isEmpty()) {
      output.put("reward_model", models.get(0)).put("reward_model_type", "full");
      coverage.says(JobKey.REWARD_MODELS);
      return;
    }
    if (!elsewhere && coverage.job().adapter().isEmpty()) {
      throw coverage.refusal(JobKey.REWARD_MODELS, "a model, or [] for a server");
    }
    output
        .put("reward_model", elsewhere ? SERVER : ADAPTER)
        .put("reward_model_type", elsewhere ? "api" : "lora");
    if (elsewhere) {
      coverage.settles(JobKey.REWARD_MODELS, List.of());
    }
    coverage.warn(
        "reward_model stands for ",
        elsewhere ? "the server that scores" : "the adapter that scores, of stage rm",
        ", which the job does not name");
  }

  /** The policy without its adapters, or without any the model itself once more. */
  private static void reference(JobCoverage coverage, OutputKeys output) {
    boolean adapters = coverage.job().adapter().isPresent();
    ReferenceSource source =
        coverage.job().objective().comparedWith().map(Settings.Reference::source).orElseThrow();
    if (adapters && source == ReferenceSource.COPY) {
      output.put("ref_model", coverage.literal());
    } else if (source != (adapters ? ReferenceSource.ADAPTER_OFF : ReferenceSource.COPY)) {
      throw coverage.refusal(JobKey.REFERENCE, adapters ? "adapter-off, copy" : "copy");
    }
    coverage.says(JobKey.REFERENCE);
  }

  private static Settings.Generation generation(JobCoverage coverage) {
    return coverage.job().objective().generated().orElseThrow();
  }

  private static int completion(JobCoverage coverage) {
    Settings.Completions lengths = coverage.job().objective().completed().orElseThrow();
    return lengths.answer(coverage.job().batch().sequenceLength());
  }

  /** Whole steps are generated at once. */
  private static void buffer(JobCoverage coverage, OutputKeys output) {
    int each = coverage.job().batch().gradAccum();
    int steps = generation(coverage).microBatches(each);
    if (steps % each != 0) {
      throw coverage.refusal(
          JobKey.STEPS_PER_GENERATION, "a multiple of " + JobKey.GRAD_ACCUM.path() + " " + each);
    }
    output.put("ppo_buffer_size", steps / each);
    coverage.settles(JobKey.STEPS_PER_GENERATION, steps);
  }
}
