package dev.vramcast.core.calibration;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a run says beside its figures, by which differences can be explained.
 *
 * @param tokensPerSample mean length of the examples as they were trained on
 * @param samplesPerSecond of all GPUs
 * @param cardBytes what the card has in all
 * @param otherBytes what other processes have on the card
 * @param retries how often the allocator gave back what it kept, since memory ran out
 */
public record RunFacts(
    OptionalDouble tokensPerSample,
    OptionalDouble samplesPerSecond,
    OptionalLong cardBytes,
    OptionalLong otherBytes,
    OptionalLong retries) {

  /** Nothing is said. */
  public static final RunFacts NONE =
      new RunFacts(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  /** Facts about the data alone. */
  public static RunFacts ofData(OptionalDouble tokensPerSample, OptionalDouble samplesPerSecond) {
    return new RunFacts(
        tokensPerSample,
        samplesPerSecond,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** Facts about the card alone. */
  public static RunFacts ofCard(
      OptionalLong cardBytes, OptionalLong otherBytes, OptionalLong retries) {
    return new RunFacts(
        OptionalDouble.empty(), OptionalDouble.empty(), cardBytes, otherBytes, retries);
  }

  /** These, and where they say nothing, what others say. */
  RunFacts or(RunFacts others) {
    return new RunFacts(
        first(tokensPerSample, others.tokensPerSample),
        first(samplesPerSecond, others.samplesPerSecond),
        first(cardBytes, others.cardBytes),
        first(otherBytes, others.otherBytes),
        first(retries, others.retries));
  }

  private static OptionalDouble first(OptionalDouble one, OptionalDouble other) {
    return Stream.of(one, other)
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  private static OptionalLong first(OptionalLong one, OptionalLong other) {
    return Stream.of(one, other)
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(OptionalLong.empty());
  }
}
