package dev.vramcast.answers.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.EndedException;
import dev.vramcast.core.input.Helpers;
import dev.vramcast.core.input.Interruption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolHelpersTest {

  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  @AfterEach
  void end() {
    pool.shutdownNow();
    Thread.interrupted();
  }

  private static List<Supplier<Integer>> numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> (Supplier<Integer>) () -> i).toList();
  }

  @Test
  void what_parts_make_comes_in_their_order_whoever_does_them() {
    List<Integer> expected = IntStream.range(0, 100).boxed().toList();

    assertThat(Helpers.NONE.all(numbers(100))).isEqualTo(expected);
    try (PoolHelpers helpers = new PoolHelpers(pool)) {
      assertThat(helpers.all(numbers(100))).isEqualTo(expected);
      assertThat(helpers.all(List.of())).isEmpty();
    }
  }

  @Test
  void two_parts_are_done_at_once() {
    CountDownLatch both = new CountDownLatch(2);
    Supplier<Boolean> meets =
        () -> {
          both.countDown();
          return waited(both);
        };

    try (PoolHelpers helpers = new PoolHelpers(pool)) {
      assertThat(helpers.all(List.of(meets, meets))).containsExactly(true, true);
    }
  }

  @Test
  void where_helpers_have_no_time_or_take_no_more_the_asking_thread_does_all() {
    try (PoolHelpers helpers = new PoolHelpers(part -> {})) {
      helpers.begin(() -> {});
      assertThat(helpers.all(numbers(3))).containsExactly(0, 1, 2);
    }
    Helpers refusing =
        new PoolHelpers(
            part -> {
              throw new RejectedExecutionException();
            });
    refusing.begin(() -> {});
    assertThat(refusing.all(numbers(3))).containsExactly(0, 1, 2);
  }

  @Test
  void of_several_failures_the_first_in_order_is_thrown_as_it_was() {
    IllegalStateException first = new IllegalStateException("first");
    List<Supplier<Integer>> parts =
        List.of(
            () -> 0,
            () -> {
              sleep(50);
              throw first;
            },
            () -> {
              throw new IllegalArgumentException("second");
            });

    for (Helpers helpers : List.of(Helpers.NONE, new PoolHelpers(pool))) {
      assertThatThrownBy(() -> helpers.all(parts)).isSameAs(first);
    }
    Error error = new StackOverflowError();
    List<Supplier<Integer>> worse =
        List.of(
            () -> 0,
            () -> {
              throw error;
            });
    assertThatThrownBy(() -> new PoolHelpers(pool).all(worse)).isSameAs(error);
  }

  @Test
  void who_is_interrupted_ends_its_helpers_too() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch ended = new CountDownLatch(2);
    Thread asking =
        new Thread(
            () -> {
              try {
                new PoolHelpers(pool).all(List.of(endless(begun, ended), endless(begun, ended)));
              } catch (EndedException e) {
                ended.countDown();
              }
            });
    asking.start();
    assertThat(waited(begun)).isTrue();

    long from = System.nanoTime();
    asking.interrupt();
    asking.join();

    assertThat(waited(ended)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void what_is_closed_ends_what_was_begun_and_leaves_threads_as_they_were() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch ended = new CountDownLatch(2);
    PoolHelpers helpers = new PoolHelpers(pool);
    helpers.begin(() -> endless(begun, ended).get());
    helpers.begin(() -> endless(begun, ended).get());
    assertThat(waited(begun)).isTrue();

    helpers.close();

    assertThat(waited(ended)).isTrue();
    assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    boolean[] late = new boolean[1];
    helpers.begin(() -> late[0] = true);
    pool.shutdown();
    assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(late[0]).isFalse();
  }

  /** Nobody, and a pool that has no time. */
  private static List<Helpers> alone() {
    return List.of(Helpers.NONE, new PoolHelpers(part -> {}));
  }

  @Test
  void an_answer_that_nobody_wants_before_it_begins_is_not_begun() {
    for (Helpers helpers : List.of(Helpers.NONE, new PoolHelpers(pool))) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> helpers.all(numbers(2))).isInstanceOf(EndedException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void who_is_interrupted_meanwhile_begins_no_further_part() {
    for (Helpers helpers : alone()) {
      List<Integer> begun = new ArrayList<>();
      List<Supplier<Integer>> parts =
          List.of(
              () -> {
                begun.add(0);
                Thread.currentThread().interrupt();
                return 0;
              },
              () -> {
                begun.add(1);
                return 1;
              });

      assertThatThrownBy(() -> helpers.all(parts)).isInstanceOf(EndedException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(begun).containsExactly(0);
    }
  }

  @Test
  void no_part_is_begun_behind_one_that_failed() {
    IllegalStateException failure = new IllegalStateException("first");
    for (Helpers helpers : alone()) {
      List<Integer> begun = new ArrayList<>();
      List<Supplier<Integer>> parts =
          List.of(
              () -> {
                begun.add(0);
                throw failure;
              },
              () -> {
                begun.add(1);
                return 1;
              });

      assertThatThrownBy(() -> helpers.all(parts)).isSameAs(failure);
      assertThat(begun).containsExactly(0);
    }
  }

  @Test
  void a_pool_in_asynchronous_mode_begins_parts_in_the_order_asked() throws Exception {
    ForkJoinPool one =
        new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    try {
      List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch done = new CountDownLatch(20);
      // Asked for by a thread of the pool itself, as a server's answers do.
      one.submit(
              () -> {
                PoolHelpers helpers = new PoolHelpers(one);
                IntStream.range(0, 20)
                    .forEach(
                        i ->
                            helpers.begin(
                                () -> {
                                  begun.add(i);
                                  done.countDown();
                                }));
              })
          .get();

      assertThat(waited(done)).isTrue();
      assertThat(begun).isEqualTo(IntStream.range(0, 20).boxed().toList());
    } finally {
      one.shutdownNow();
    }
  }

  private static Supplier<Integer> endless(CountDownLatch begun, CountDownLatch ended) {
    return () -> {
      begun.countDown();
      try {
        while (true) {
          Interruption.check();
          Thread.onSpinWait();
        }
      } finally {
        ended.countDown();
      }
    };
  }

  private static boolean waited(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
