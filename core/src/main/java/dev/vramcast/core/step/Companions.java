package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.shard.tensor.ModelSlice;
import java.util.List;

/** The structure of each model that a job has in memory. */
final class Companions {

  private Companions() {}

  /**
   * That of one of them.
   *
   * @param policy of the model that is trained, as one rank has it
   */
  static Architecture architecture(ResidentModel model, Architecture policy, ResolvedJob job) {
    return switch (model) {
      case POLICY, REFERENCE -> policy;
      case TEACHER ->
          job.objective().distilled().flatMap(Settings.Teacher::architecture).orElseThrow();
      case VALUE ->
          job.objective()
              .valuing()
              .flatMap(Settings.Companion::architecture)
              .map(own -> ModelSlice.of(own, job.parallelism()))
              .orElseGet(() -> valuing(policy));
      case REWARD ->
          ModelSlice.of(
              job.objective().rewarding().get(0).architecture().orElseThrow(), job.parallelism());
    };
  }

  /** A value model that no key names begins as the policy, with a head of one number. */
  private static Architecture valuing(Architecture policy) {
    Linear score = new Linear("score", policy.hiddenSize(), 1, false);
    return policy.toBuilder()
        .head(new Head(Head.Kind.SEQUENCE_CLASSIFICATION, List.of(score), false, 0, false))
        .build();
  }
}
