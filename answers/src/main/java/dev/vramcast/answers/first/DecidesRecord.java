package dev.vramcast.answers.first;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import java.util.Optional;
import java.util.OptionalLong;

/** What decides whether a job fits, for programs. */
@Describes("What decides whether the job fits: what there is too little of, else the card.")
public record DecidesRecord(
    @Describes("gpu, host (the machine's memory) or disk.") Resource resource,
    @Describes("Part of the run that takes most of it.") String episode,
    @Describes("What the run takes of it.") long neededBytes,
    @Describes("What there is; null where nobody says.") OptionalLong availableBytes) {

  /** Of a job, on a card or without one. */
  public static DecidesRecord of(Outcome outcome) {
    return outcome
        .needs()
        .shortage()
        .map(DecidesRecord::of)
        .orElseGet(
            () ->
                new DecidesRecord(
                    Resource.GPU,
                    outcome.worst().peakEpisode().label(),
                    outcome.neededBytes(),
                    outcome.card().stream().mapToLong(Outcome.OnCard::usableBytes).findFirst()));
  }

  /** Of what there is too little of. */
  public static DecidesRecord of(Shortage shortage) {
    return new DecidesRecord(
        shortage.resource(),
        shortage.episode(),
        shortage.neededBytes(),
        OptionalLong.of(shortage.availableBytes()));
  }

  /** Of a change: what decided before it. */
  public static DecidesRecord of(Advice.Step step) {
    FitCheck after = step.after();
    Optional<Shortage> before = step.before().shortage();
    String episode =
        before.map(Shortage::episode).orElse(after.memory().worst().peakEpisode().label());
    long available = before.map(Shortage::availableBytes).orElse(after.usableBytes());
    return new DecidesRecord(
        step.resource(), episode, step.neededBytes(), OptionalLong.of(available));
  }
}
