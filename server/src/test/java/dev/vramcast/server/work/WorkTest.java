package dev.vramcast.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.run.RecentSteps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final CountDownLatch gate = new CountDownLatch(1);

  @Test
  void what_finds_the_queue_full_is_refused_at_once() throws Exception {
    try (Work work = work(1, 1, LONG)) {
      CompletableFuture<String> running = work.submit(turn -> waitFor("first"));
      CompletableFuture<String> waiting = work.submit(turn -> "second");

      assertThatThrownBy(() -> work.submit(turn -> "third"))
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(503));
      assertThat(work.taken()).isEqualTo(2);

      gate.countDown();
      assertThat(running.get()).isEqualTo("first");
      assertThat(waiting.get()).isEqualTo("second");
      assertThat(work.submit(turn -> "fourth").get()).isEqualTo("fourth");
    }
  }

  @Test
  void where_many_wait_those_behind_are_refused_in_a_moment_and_those_before_are_not()
      throws Exception {
    Bounds bounds = new Bounds(1, 20, LONG, LONG, Duration.ofMillis(50));
    try (Work work = new Work(bounds, LONG)) {
      CompletableFuture<String> running = work.submit(turn -> waitFor("first"));
      List<CompletableFuture<String>> few = submitted(bounds.few(), work);
      CompletableFuture<String> crowded = work.submit(turn -> "crowded");

      assertThatThrownBy(crowded::get)
          .cause()
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(503));
      assertThat(few).noneMatch(CompletableFuture::isDone);

      gate.countDown();
      assertThat(running.get()).isEqualTo("first");
      for (CompletableFuture<String> each : few) {
        assertThat(each.get()).isEqualTo("waited");
      }
    }
  }

  @Test
  void in_a_crowd_nobody_s_steps_are_kept_for_others() throws Exception {
    Bounds bounds = new Bounds(1, 20, LONG, LONG, LONG);
    try (Work work = new Work(bounds, LONG)) {
      RecentSteps shared = work.steps();
      CompletableFuture<String> running = work.submit(turn -> waitFor("first"));
      List<CompletableFuture<String>> few = submitted(bounds.few(), work);
      assertThat(work.steps()).isSameAs(shared);

      List<CompletableFuture<String>> crowd = submitted(1, work);
      assertThat(work.steps()).isNotSameAs(shared).isNotSameAs(work.steps());

      gate.countDown();
      assertThat(running.get()).isEqualTo("first");
      for (CompletableFuture<String> each : Stream.concat(few.stream(), crowd.stream()).toList()) {
        assertThat(each.get()).isEqualTo("waited");
      }
    }
  }

  private static List<CompletableFuture<String>> submitted(int count, Work work) {
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(work.submit(turn -> "waited"));
    }
    return all;
  }

  @Test
  void a_computation_whose_time_is_over_is_interrupted_and_makes_way() throws Exception {
    try (Work work = work(1, 1, Duration.ofMillis(100))) {
      CountDownLatch ended = new CountDownLatch(1);
      CompletableFuture<String> slow =
          work.submit(
              turn -> {
                try {
                  return waitFor("never");
                } finally {
                  ended.countDown();
                }
              });

      assertThatThrownBy(slow::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(work.submit(turn -> "next").get()).isEqualTo("next");
    }
  }

  @Test
  void a_search_whose_time_is_over_ends_when_it_tells_how_far_it_is() throws Exception {
    try (Work work = work(1, 1, Duration.ofMillis(100))) {
      CompletableFuture<Void> endless =
          work.submit(
              turn -> {
                while (true) {
                  turn.progress().at(0.5);
                }
              });

      assertThatThrownBy(endless::get).hasCauseInstanceOf(TimeoutException.class);
      assertThat(work.submit(turn -> "next").get()).isEqualTo("next");
    }
  }

  @Test
  void what_waited_too_long_is_not_computed_at_all() throws Exception {
    try (Work work = work(1, 2, Duration.ofMillis(400))) {
      CompletableFuture<Void> busy =
          work.submit(
              turn -> {
                long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
                return null;
              });
      boolean[] computed = new boolean[1];
      CompletableFuture<Void> waiting =
          work.submit(
              turn -> {
                computed[0] = true;
                return null;
              });

      assertThatThrownBy(waiting::get).hasCauseInstanceOf(TimeoutException.class);
      assertThatThrownBy(busy::get).hasCauseInstanceOf(TimeoutException.class);
      assertThat(work.submit(turn -> "next").get()).isEqualTo("next");
      assertThat(computed[0]).isFalse();
    }
  }

  @Test
  void a_search_takes_no_more_threads_than_there_are() throws Exception {
    try (Work work = work(2, 1, LONG)) {
      long threads =
          work.submit(
                  turn ->
                      IntStream.range(0, 10_000)
                          .parallel()
                          .mapToObj(i -> Thread.currentThread().getName())
                          .distinct()
                          .count())
              .get();

      assertThat(threads).isBetween(1L, 2L);
    }
  }

  @Test
  void helpers_end_with_the_answer_that_nobody_wants_any_more() throws Exception {
    try (Work work = work(2, 1, LONG)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch ended = new CountDownLatch(1);
      CompletableFuture<String> answer =
          work.submit(
              turn -> {
                turn.helpers()
                    .begin(
                        () -> {
                          begun.countDown();
                          try {
                            waitFor("never");
                          } finally {
                            ended.countDown();
                          }
                        });
                return waitFor("never either");
              });
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

      answer.cancel(true);

      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(work.submit(turn -> "next").get()).isEqualTo("next");
    }
  }

  private static Work work(int cores, int queued, Duration limit) {
    return new Work(new Bounds(cores, queued, LONG, LONG), limit);
  }

  private String waitFor(String answer) {
    try {
      gate.await();
      return answer;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
