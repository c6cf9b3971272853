package dev.vramcast.formats.training.openinstruct;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Optional;

/** The stage, by the script or, in a file, by keys that only one has. */
final class Stage {

  private static final List<String> SUPERVISED = List.of("finetune", "");

  /** Programs that train with OLMo-core, or did with code that others have replaced. */
  private static final List<String> OTHERS =
      List.of("olmo_core_finetune", "olmo_core_hybrid", "dpo", "grpo", "grpo_vllm_thread_ray_gtrl");

  private final JobBuilder job;
  private final String program;
  private final boolean online;

  Stage(JobBuilder job, String program, boolean online) {
    this.job = job;
    this.program = program;
    this.online = online;
  }

  void read() {
    if (OTHERS.contains(program)) {
      job.notModelled(
          JobKey.STAGE,
          Gap.of("open_instruct/", program, ".py")
              .needs("how its trainer shards a model and computes")
              .modelled("finetune.py, dpo_tune_cache.py, grpo_fast.py"));
    }
    if (online && program.startsWith("ppo")) {
      // ppo_fast.py trains a value model beside, in a program that is GRPO's but for that.
      job.unnamedStage(Optional.empty(), program);
      return;
    }
    Optional<Setting> loss = job.any("loss_type", "dpo_loss_type");
    boolean preference =
        program.startsWith("dpo") || program.isEmpty() && loss.or(() -> beta()).isPresent();
    if (online) {
      StageNames.read(job, "grpo");
    } else if (preference) {
      preference(loss);
    } else if (program.startsWith("reward_modeling")) {
      StageNames.read(job, "reward");
    } else if (program.startsWith("ppo")) {
      StageNames.read(job, "ppo");
    } else if (!SUPERVISED.contains(program)) {
      job.unnamedStage(Optional.empty(), program);
    }
  }

  private Optional<Setting> beta() {
    return job.any("beta", "dpo_beta");
  }

  /** Reference log-probabilities are made before training (build_reference_logprobs_cache). */
  private void preference(Optional<Setting> loss) {
    String type = loss.map(Setting::word).orElse("dpo_norm");
    if (type.equals("simpo")) {
      StageNames.read(job, loss.orElseThrow(), "simpo");
    } else {
      StageNames.read(job, "dpo");
      job.put(JobKey.REFERENCE, "precomputed");
      job.reads(List.of(JobKey.LOSS_TYPE), () -> loss.ifPresent(this::type));
    }
    beta().ifPresent(weight -> job.put(JobKey.BETA, weight));
    job.any("label_smoothing", "dpo_label_smoothing")
        .filter(share -> !share.isIdle())
        .ifPresent(share -> job.put(JobKey.LABEL_SMOOTHING, share));
  }

  private void type(Setting loss) {
    switch (loss.word()) {
      case "dpo" -> job.put(JobKey.LOSS_TYPE, List.of("sigmoid"), loss);
      case "dpo_norm" -> job.put(JobKey.LOSS_TYPE, List.of("sigmoid_norm"), loss);
      case "wpo" -> job.put(JobKey.WEIGHTING, true, loss);
      default -> throw loss.unusable("dpo, dpo_norm, simpo, wpo");
    }
  }
}
