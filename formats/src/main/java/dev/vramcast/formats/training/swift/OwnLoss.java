package dev.vramcast.formats.training.swift;

import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What makes the supervised trainer take the labels out of a batch and compute the loss itself, so
 * that no fused one of the model does (swift/trainers/seq2seq_trainer.py compute_loss).
 */
final class OwnLoss {

  /** Weights other than 0 and 1 (swift/loss_scale/agent.py, is_binary). */
  private static final Set<String> WEIGHTED =
      Set.of("react", "hermes", "qwen", "agentflan", "alpha_umi");

  private static final List<String> SWITCHES = List.of("enable_dft_loss", "enable_channel_loss");

  private OwnLoss() {}

  /** The key that asks for it; empty for none, and for trainers of other stages. */
  static Optional<Setting> of(JobBuilder job) {
    if (job.get("rlhf_type").isPresent()) {
      return Optional.empty();
    }
    return Stream.of(
            job.get("loss_type"),
            SWITCHES.stream().filter(job::isOn).findFirst().flatMap(job::get),
            job.get("loss_scale").filter(OwnLoss::isWeighted),
            job.get("label_smoothing_factor").filter(above(0)),
            job.get("sequence_parallel_size").filter(above(1)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean isWeighted(Setting scale) {
    return Arrays.stream(scale.word().split("\\+")).anyMatch(WEIGHTED::contains);
  }

  private static Predicate<Setting> above(int least) {
    return setting -> setting.number().doubleValue() > least;
  }
}
