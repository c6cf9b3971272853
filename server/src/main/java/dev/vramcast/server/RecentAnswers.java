package dev.vramcast.server;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.catalog.source.ModelRequest.Network;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers that were given a moment ago, for those who ask the same. What an answer rests on may
 * change on this machine, such as a cached model, so none is kept for long; those that were not
 * asked for longest make way for new ones.
 */
final class RecentAnswers {

  private static final long MOST_BYTES = 16L << 20;
  private static final long LONGEST_BYTES = 1L << 20;
  private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();

  private final Map<Question, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * What was asked.
   *
   * @param fields the body, or the query of an address
   * @param day on which ages of prices are told
   * @param network what the Hub may be used for
   */
  record Question(Operation operation, String fields, LocalDate day, Network network) {

    private long bytes() {
      return 2L * fields.length();
    }
  }

  private record Kept(byte[] answer, long since) {}

  synchronized Optional<byte[]> find(Question question) {
    Kept found = kept.get(question);
    return found == null || System.nanoTime() - found.since > KEPT_NANOS
        ? Optional.empty()
        : Optional.of(found.answer);
  }

  synchronized void keep(Question question, byte[] answer) {
    if (question.bytes() + answer.length > LONGEST_BYTES) {
      return;
    }
    Kept before = kept.put(question, new Kept(answer, System.nanoTime()));
    bytes += answer.length - (before == null ? -question.bytes() : before.answer.length);
    Iterator<Map.Entry<Question, Kept>> oldest = kept.entrySet().iterator();
    while (bytes > MOST_BYTES) {
      Map.Entry<Question, Kept> entry = oldest.next();
      bytes -= entry.getKey().bytes() + entry.getValue().answer.length;
      oldest.remove();
    }
  }

  /** What is kept, with the questions. */
  synchronized long bytes() {
    return bytes;
  }
}
