package dev.vramcast.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests over HTTP that are not answered yet, by whoever asked and the id that they gave, so that
 * a later message can cancel one.
 */
final class DueRequests {

  private final Map<Key, CompletableFuture<byte[]>> due = new ConcurrentHashMap<>();

  /**
   * A request.
   *
   * @param asker the session that was named to a client, or its address where it names none
   * @param id as the client gave it
   */
  record Key(String asker, Object id) {}

  /** Keeps an answer until it is there, or was cancelled. */
  @SuppressWarnings("FutureReturnValueIgnored") // the answer itself tells of every failure
  void add(Key key, CompletableFuture<byte[]> answer) {
    due.put(key, answer);
    answer.whenComplete((value, failure) -> due.remove(key, answer));
  }

  /** Ends what is computed for a request, if it is. */
  void cancel(Key key) {
    Optional.ofNullable(due.remove(key)).ifPresent(answer -> answer.cancel(true));
  }
}
