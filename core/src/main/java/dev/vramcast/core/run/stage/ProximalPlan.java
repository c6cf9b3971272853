package dev.vramcast.core.run.stage;

import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
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

/** The passes of TRL's loop of PPO (trl/experimental/ppo/ppo_trainer.py train). */
record ProximalPlan(StagePasses passes) {

  /** {@code local_rollout_forward_batch_size} of ppo_config.py. */
  private static final int AT_ONCE = 64;

  /** Completions are generated, scored, and trained on by both models in one backward pass. */
  List<Episode> episodes(Objective.ProximalPolicy ppo) {
    List<Episode> episodes = new ArrayList<>(List.of(load(ppo)));
    GenerationEngine engine = ppo.generation().engine();
    if (engine == GenerationEngine.TRANSFORMERS) {
      episodes.add(generation(ppo.lengths()));
    }
    episodes.add(scoring(ppo));
    Pass policy = policy(PassBatch.of(passes.job().batch()), ppo.lengths(), Set.of());
    // PolicyAndValueWrapper.forward runs the value model first.
    Pass value = new Pass(ResidentModel.VALUE, true, policy.batch(), new PassHead.Values());
    episodes.add(new Episode.Step(List.of(value, policy)));
    return episodes;
  }

  private Episode load(Objective.ProximalPolicy ppo) {
    List<ResidentModel> models = new ArrayList<>(List.of(ResidentModel.POLICY));
    if (ppo.reference().source() == ReferenceSource.COPY) {
      models.add(ResidentModel.REFERENCE);
    }
    models.add(ResidentModel.VALUE);
    if (!ppo.rewardModels().isEmpty()) {
      models.add(ResidentModel.REWARD);
    }
    return new Episode.Load(models);
  }

  private Episode generation(Settings.Completions lengths) {
    int length = passes.length();
    PassBatch prompts = new PassBatch(atOnce(), Math.max(1, length - lengths.answer(length)));
    Pass pass = new Pass(ResidentModel.POLICY, false, prompts, new PassHead.NextTokens());
    return new Episode.Generation(List.of(pass), atOnce(), length, Set.of());
  }

  private Episode scoring(Objective.ProximalPolicy ppo) {
    PassBatch batch = new PassBatch(atOnce(), passes.length());
    Pass compared = policy(batch, ppo.lengths(), EnumSet.of(Detail.UNWRAPPED));
    List<Pass> scored = new ArrayList<>(passes.reference(compared, ppo.reference().source()));
    Pass value = new Pass(ResidentModel.VALUE, true, batch, new PassHead.Values());
    scored.add(value.withoutGraph());
    if (!ppo.rewardModels().isEmpty()) {
      scored.add(value.withoutGraph(ResidentModel.REWARD));
    }
    return new Episode.Scoring(scored, (sequences() + atOnce() - 1) / atOnce(), true);
  }

  private Pass policy(PassBatch batch, Settings.Completions lengths, Set<Detail> more) {
    EnumSet<Detail> details = EnumSet.of(Detail.COMPLETIONS, Detail.TEMPERATURE_IN_PLACE);
    details.addAll(more);
    long labels = (long) lengths.answer(passes.length()) * batch.sequences();
    return passes.labelled(batch, labels, Reports.NONE, details);
  }

  private int sequences() {
    return Math.multiplyExact(passes.job().batch().microBatch(), passes.job().batch().gradAccum());
  }

  private int atOnce() {
    return Math.min(AT_ONCE, sequences());
  }
}
