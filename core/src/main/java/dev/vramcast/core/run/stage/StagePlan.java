package dev.vramcast.core.run.stage;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.PassHead.Detail;
import java.util.EnumSet;
import java.util.List;

/** The passes of stages that are not supervised, in the order in which their trainers run them. */
public final class StagePlan {

  private StagePlan() {}

  /**
   * The episodes of a job of such a stage.
   *
   * @throws UnsupportedJobException when the framework's code for it is not described
   */
  public static List<Episode> episodes(ResolvedJob job) {
    Objective objective = job.objective();
    StagePasses passes = StagePasses.of(job);
    PairPlan pairs = new PairPlan(passes);
    GenerationPlan completions = new GenerationPlan(passes);
    if (objective instanceof Objective.DirectPreference dpo) {
      return pairs.direct(dpo);
    } else if (objective instanceof Objective.KahnemanTversky kto) {
      return pairs.unpaired(kto);
    } else if (objective instanceof Objective.BinaryClassifier bco) {
      return pairs.classified(bco);
    } else if (objective instanceof Objective.OddsRatio orpo) {
      return pairs.withoutReference(orpo.lengths(), EnumSet.of(Detail.LIKELIHOOD_OF_CHOSEN));
    } else if (objective instanceof Objective.ContrastivePreference cpo) {
      boolean likelihood = cpo.loss().alpha().orElse(1.0) != 0;
      return pairs.withoutReference(
          cpo.lengths(),
          likelihood ? EnumSet.of(Detail.LIKELIHOOD_OF_CHOSEN) : EnumSet.noneOf(Detail.class));
    } else if (objective instanceof Objective.RewardModelling) {
      return pairs.scored();
    } else if (objective instanceof Objective.GroupRelative grpo) {
      return completions.generated(grpo.reference(), grpo.lengths(), grpo.generation());
    } else if (objective instanceof Objective.LeaveOneOut rloo) {
      return completions.generated(rloo.reference(), rloo.lengths(), rloo.generation());
    } else if (objective instanceof Objective.EnergyBased ebft) {
      return completions.generated(ebft.reference(), ebft.lengths(), ebft.generation());
    } else if (objective instanceof Objective.EnergyOfPlaces ebft) {
      return new PlacesPlan(passes).episodes(ebft);
    } else if (objective instanceof Objective.ProximalPolicy ppo
        && passes.code().rollsOut(Stage.PPO)) {
      return new ProximalPlan(passes).episodes(ppo);
    } else if (objective instanceof Objective.ProximalPolicy ppo
        && passes.code().valuesBesideWords(Stage.PPO)) {
      return new ValueHeadPlan(passes).episodes(ppo);
    } else if (objective instanceof Objective.ProximalPolicy ppo) {
      return completions.generated(ppo.reference(), ppo.lengths(), ppo.generation());
    } else if (objective instanceof Objective.Distillation distillation) {
      return completions.distilled(distillation);
    } else if (objective instanceof Objective.SentenceEmbedding embedding) {
      return EmbeddingPlan.episodes(job, embedding);
    }
    throw passes.gap().refusal();
  }
}
