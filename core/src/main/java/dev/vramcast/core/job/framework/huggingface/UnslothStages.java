package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * TRL's trainers of preferences and of generated completions, as Unsloth rewrites them when it is
 * imported.
 */
final class UnslothStages {

  static final String RL = "unsloth/models/rl.py";

  /** {@code disable_dropout} of dpo_config.py, kto_config.py, orpo_config.py and cpo_config.py. */
  private static final Set<Stage> WITHOUT_DROPOUT =
      EnumSet.of(Stage.DPO, Stage.KTO, Stage.ORPO, Stage.CPO);

  private static final Set<StageHabit> HABITS =
      EnumSet.of(
          StageHabit.DROPS_LOGITS,
          StageHabit.SCORES_BATCH,
          StageHabit.LENDS_WEIGHTS,
          StageHabit.KNOWS_VLLM_ALONE);

  private UnslothStages() {}

  /**
   * Since 2026.10 {@code fused_linear_logprobs} in all of them
   * (unsloth_zoo/fused_losses/fused_linear.py; unsloth/models/rl_replacements.py
   * _unsloth_dpo_chunked_head, _unsloth_pref_chunked_head, _unsloth_kto_hidden_logps). Before, GRPO
   * has its own chunks of logits since 2026.1 (unsloth_zoo/rl_replacements.py
   * grpo_accumulated_loss), and the others, as TRL 0.18 to 0.24 has them, all logits: of KTO's what
   * its metrics hold is not known, nor of GRPO before the gradient of each sequence.
   */
  static StageCode of(Framework unsloth) {
    Map<Stage, StageHead> heads = new EnumMap<>(Stage.class);
    boolean fused = unsloth.atLeast(2026, 10);
    StageHead pairs = fused ? StageHead.GRADIENT_BESIDE : StageHead.SEQUENCES;
    for (Stage stage : EnumSet.of(Stage.DPO, Stage.ORPO, Stage.CPO)) {
      heads.put(stage, pairs);
    }
    if (fused) {
      heads.put(Stage.KTO, StageHead.GRADIENT_BESIDE);
      heads.put(Stage.GRPO, StageHead.GRADIENT_BESIDE);
    } else if (unsloth.atLeast(2026, 1)) {
      heads.put(Stage.GRPO, StageHead.KEPT_CHUNKS);
    }
    return new StageCode(heads, TrlStages.TILES, WITHOUT_DROPOUT, HABITS);
  }

  static boolean generates(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.GRPO;
  }

  static boolean shares(PartialJob d) {
    return d.get(JobKey.ENGINE, GenerationEngine.class) == GenerationEngine.SHARED;
  }

  /** {@code UNSLOTH_VLLM_STANDBY}, whose memory pools refuse segments that grow. */
  static boolean standsBy(PartialJob d) {
    return d.find(JobKey.ENGINE_SLEEP, Integer.class).filter(level -> level > 0).isPresent();
  }

  /** {@code max_seq_length}, of which a completion takes half where nothing is said. */
  static Integer length(PartialJob d) {
    if (!generates(d)) {
      return d.get(JobKey.STAGE, Stage.class).isSupervised() ? 2048 : TrlStages.length(d);
    }
    boolean told = d.isSet(JobKey.PROMPT_LENGTH) || d.isSet(JobKey.COMPLETION_LENGTH);
    return told ? TrlStages.length(d) : 2048;
  }
}
