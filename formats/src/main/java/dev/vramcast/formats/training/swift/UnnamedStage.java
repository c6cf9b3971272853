package dev.vramcast.formats.training.swift;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that leaves {@code rlhf_type} to its command: arguments that {@code swift rlhf} alone has
 * (swift/arguments/rlhf_args.py), and {@code swift sft} refuses, tell of it. Those of one stage
 * come before those that another takes too, as GRPO a teacher.
 */
final class UnnamedStage {

  /** Of an argument that generating stages alone have, but several of them: grpo, ppo and gkd. */
  private static final String SEVERAL = "";

  private static final Map<String, String> STAGES = new LinkedHashMap<>();

  static {
    STAGES.put("reward_funcs", "grpo");
    for (String distils : List.of("lmbda", "seq_kd", "sft_alpha", "gkd_logits_topk")) {
      STAGES.put(distils, "gkd");
    }
    for (String clips :
        List.of("num_ppo_epochs", "whiten_rewards", "kl_coef", "vf_coef", "cliprange_value")) {
      STAGES.put(clips, "ppo");
    }
    STAGES.put("num_generations", "grpo");
    STAGES.put("teacher_model", "gkd");
    STAGES.put("simpo_gamma", "simpo");
    STAGES.put("cpo_alpha", "cpo");
    STAGES.put("desirable_weight", "kto");
    STAGES.put("undesirable_weight", "kto");
    STAGES.put("center_rewards_coefficient", "rm");
    STAGES.put("rpo_alpha", "dpo");
    for (String generates : List.of("reward_model", "max_completion_length")) {
      STAGES.put(generates, SEVERAL);
    }
    STAGES.put("ref_model", "dpo");
    STAGES.put("beta", "dpo");
  }

  private UnnamedStage() {}

  /** Takes the stage that such an argument is of, and says so. */
  static void read(JobBuilder job) {
    for (Map.Entry<String, String> told : STAGES.entrySet()) {
      Setting at = job.get(told.getKey()).filter(key -> !key.isNothing()).orElse(null);
      if (at != null && told.getValue().equals(SEVERAL)) {
        job.reads(List.of(JobKey.STAGE), () -> refuse(at));
        return;
      }
      if (at != null) {
        StageNames.read(job, told.getValue());
        job.say(
            FindingCode.ASSUMED,
            at,
            "rlhf_type is missing, and "
                + at.key()
                + " is an argument of swift rlhf: rlhf_type "
                + told.getValue()
                + " is taken, unless the command says another");
        return;
      }
    }
  }

  private static void refuse(Setting at) {
    throw InputError.of("rlhf_type is missing, and ")
        .and(at.key(), " is of several: grpo, ppo and gkd")
        .at(at.place())
        .hint("write rlhf_type out, or say ", JobKey.STAGE)
        .refusal();
  }
}
