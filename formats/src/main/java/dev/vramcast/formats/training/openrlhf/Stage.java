package dev.vramcast.formats.training.openrlhf;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Optional;

/** The stage, by the program and, where completions are generated, by the estimator. */
final class Stage {

  private final JobBuilder job;
  private final String program;

  Stage(JobBuilder job, String program) {
    this.job = job;
    this.program = program;
  }

  void read() {
    if (program.startsWith("ppo")) {
      estimator();
      beside();
      return;
    }
    switch (program) {
      case "sft" -> {}
      case "dpo" -> preference();
      case "kto", "rm" -> StageNames.read(job, program);
      case "kd" -> {
        StageNames.read(job, "gkd");
        job.any("teacher.model_name_or_path", "teacher_model")
            .ifPresent(teacher -> job.put(JobKey.TEACHER, teacher.text(), teacher));
      }
      default -> job.unnamedStage(Optional.empty(), "train_" + program);
    }
    if (program.equals("kto")) {
      take(JobKey.BETA, "model.beta", "beta");
    }
  }

  /** openrlhf/cli/train_dpo.py: the reference is a second model whatever is trained. */
  private void preference() {
    StageNames.read(job, "dpo");
    take(JobKey.BETA, "model.beta", "beta");
    Optional<Setting> other = job.any("ref.model_name_or_path", "ref_pretrain");
    if (other.isPresent()) {
      job.put(JobKey.REFERENCE, "copy", other.get());
    } else {
      job.put(JobKey.REFERENCE, "copy");
    }
    job.any("model.ipo_enable", "ipo")
        .filter(Setting::bool)
        .ifPresent(ipo -> job.put(JobKey.LOSS_TYPE, "ipo", ipo));
    job.any("model.label_smoothing", "label_smoothing")
        .filter(share -> !share.isIdle())
        .ifPresent(share -> job.put(JobKey.LABEL_SMOOTHING, share));
  }

  /** {@code dr_grpo} and {@code reinforce_baseline} are the group's mean without its spread. */
  private void estimator() {
    Optional<Setting> named = job.any("algo.advantage.estimator", "advantage_estimator");
    if (named.isEmpty()) {
      StageNames.read(job, "ppo");
      return;
    }
    job.reads(
        List.of(JobKey.STAGE),
        () -> {
          String word = named.get().word();
          switch (word) {
            case "gae" -> StageNames.read(job, named.get(), "ppo");
            case "group_norm", "dr_grpo", "reinforce_baseline" ->
                StageNames.read(job, named.get(), "grpo");
            default -> StageNames.read(job, named.get(), word);
          }
        });
  }

  /** A reference unless its weight is 0 (openrlhf/cli/train_ppo_ray.py, init_kl_coef 0.01). */
  private void beside() {
    Optional<Setting> weight = job.any("algo.kl.init_coef", "init_kl_coef");
    boolean none = weight.filter(setting -> setting.number().signum() <= 0).isPresent();
    String source = none ? "none" : "copy";
    if (weight.isPresent()) {
      job.put(JobKey.REFERENCE, source, weight.get());
    } else {
      job.put(JobKey.REFERENCE, source);
    }
    if (job.has(JobKey.STAGE)) {
      weight.ifPresent(setting -> job.put(JobKey.BETA, setting));
      scores();
    }
    if (job.is(JobKey.STAGE, "ppo")) {
      take(JobKey.VALUE_MODEL, "critic.model_name_or_path", "critic_pretrain");
    }
  }

  /**
   * Models that score are loaded unless a server or a function does, and the first of them is what
   * a critic without a name starts from (openrlhf/cli/train_ppo_ray.py).
   */
  private void scores() {
    Optional<Setting> elsewhere =
        job.any("reward.remote_url", "remote_rm_url", "train.agent_func_path", "agent_func_path");
    if (elsewhere.isPresent()) {
      job.put(JobKey.REWARD_MODELS, List.of(), elsewhere.get());
      return;
    }
    job.any("reward.model_name_or_path", "reward_pretrain")
        .ifPresent(
            models -> {
              job.put(JobKey.REWARD_MODELS, models.words(), models);
              if (job.is(JobKey.STAGE, "ppo") && !models.words().isEmpty()) {
                job.put(JobKey.VALUE_MODEL, models.words().get(0), models);
              }
            });
  }

  private void take(JobKey key, String... names) {
    job.any(names).ifPresent(setting -> job.reads(List.of(key), () -> job.put(key, setting)));
  }
}
