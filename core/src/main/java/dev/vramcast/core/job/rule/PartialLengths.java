package dev.vramcast.core.job.rule;

import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;
import java.util.stream.Stream;

/** Tokens of a sequence where only those of its prompt and of its answers are given. */
final class PartialLengths {

  private PartialLengths() {}

  static boolean areKnown(PartialJob d) {
    return d.isSet(JobKey.PROMPT_LENGTH) && longestAnswer(d).isPresent();
  }

  /** A batch is as long as the prompt with the longer of both answers. */
  static Object sum(PartialJob d) {
    return Math.addExact(d.whole(JobKey.PROMPT_LENGTH), longestAnswer(d).orElseThrow());
  }

  private static Optional<Integer> longestAnswer(PartialJob d) {
    Stream<JobKey> keys =
        d.isSet(JobKey.CHOSEN_LENGTH) && d.isSet(JobKey.REJECTED_LENGTH)
            ? Stream.of(JobKey.CHOSEN_LENGTH, JobKey.REJECTED_LENGTH)
            : Stream.of(JobKey.CHOSEN_LENGTH, JobKey.REJECTED_LENGTH, JobKey.COMPLETION_LENGTH);
    return keys.flatMap(key -> d.document().value(key, Integer.class).stream())
        .max(Integer::compare);
  }
}
