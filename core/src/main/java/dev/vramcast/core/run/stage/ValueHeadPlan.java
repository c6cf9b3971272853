package dev.vramcast.core.run.stage;

import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.run.episode.PassHead.Reports;
import dev.vramcast.core.run.episode.ResidentModel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The passes of PPO by a policy with a head for values (llamafactory/train/ppo/trainer.py
 * ppo_train, and step of trl/trainer/ppo_trainer.py until 0.11): a micro-batch at a time is
 * completed and rewarded, then all of them are scored, then trained on.
 */
record ValueHeadPlan(StagePasses passes) {

  List<Episode> episodes(Objective.ProximalPolicy ppo) {
    int length = passes.length();
    PassBatch batch = PassBatch.of(passes.job().batch());
    PassBatch prompts =
        new PassBatch(batch.sequences(), Math.max(1, length - ppo.lengths().answer(length)));
    Pass first = new Pass(ResidentModel.POLICY, false, prompts, new PassHead.NextTokens());
    Pass policy =
        passes.labelled(
            batch,
            batch.tokens() - batch.sequences(),
            Reports.NONE,
            EnumSet.of(Detail.VALUES, Detail.ALL_LAYERS));
    return List.of(
        load(ppo),
        new Episode.Generation(List.of(first), batch.sequences(), length, Set.of()),
        new Episode.Scoring(scored(policy, ppo), rounds(ppo), true),
        new Episode.Step(List.of(policy)));
  }

  private static Episode load(Objective.ProximalPolicy ppo) {
    return new Episode.Load(
        ppo.reference().source() == ReferenceSource.COPY
            ? List.of(ResidentModel.POLICY, ResidentModel.REFERENCE)
            : List.of(ResidentModel.POLICY));
  }

  /**
   * Rewards are what the second head gives of the same model; its logits are made too. A server
   * gets texts instead (get_rewards).
   */
  private List<Pass> scored(Pass policy, Objective.ProximalPolicy ppo) {
    List<Pass> scored = new ArrayList<>();
    if (passes.job().adapter().isPresent() && !ppo.isScoredElsewhere()) {
      scored.add(policy.withoutGraph().with(new PassHead.Values()));
    }
    scored.add(policy.withoutGraph());
    scored.addAll(passes.reference(policy, ppo.reference().source()));
    return scored;
  }

  private int rounds(Objective.ProximalPolicy ppo) {
    return ppo.generation().microBatches(passes.job().batch().gradAccum());
  }
}
