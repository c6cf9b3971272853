package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.EndedException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * How often a long computation asks whether it is still wanted, counted in what it does between two
 * questions and not by a clock. Each of these steps takes less than a microsecond.
 */
class InterruptedEstimateTest {

  /** ZeRO-3 gathers each parameter by itself, so that every layer is written out. */
  private static final String JOB =
      "--method full --precision bf16 --sequence-length 16 --strategy zero3 --count 8";

  private static final Architecture DEEP =
      Estimates.model("llama", Map.of("num_hidden_layers", 200));

  private static final long ENTRIES = 1024;

  /** Requests of a piece, each of which may be a request and its return. */
  private static final long REQUESTS = 2 * 2048;

  /** A thread that counts how often it is asked, and is interrupted from a question on. */
  private static final class Asked extends Thread {

    private final long last;
    private long questions;
    private boolean ended;

    private Asked(Runnable work, long last) {
      super(work);
      this.last = last;
    }

    static Asked of(Runnable work, long last) throws InterruptedException {
      Asked asked = new Asked(work, last);
      asked.start();
      asked.join();
      return asked;
    }

    @Override
    public void run() {
      try {
        super.run();
      } catch (EndedException e) {
        ended = true;
      }
    }

    @Override
    public boolean isInterrupted() {
      questions++;
      return questions >= last;
    }
  }

  private static RankEstimate deep() {
    return MemoryEstimator.estimate(DEEP, Estimates.job(JOB), Optional.empty()).worst();
  }

  @Test
  void a_trace_is_written_with_a_question_for_every_so_many_entries() throws InterruptedException {
    int entries = deep().trace().size();

    assertThat(entries).isGreaterThan(20_000);
    assertThat(Asked.of(InterruptedEstimateTest::deep, Long.MAX_VALUE).questions)
        .isGreaterThanOrEqualTo(entries / ENTRIES);
  }

  @Test
  void two_steps_are_found_and_replayed_with_a_question_for_every_so_many_requests()
      throws InterruptedException {
    RankEstimate rank = deep();
    long requests = deep().replay().operations().size();

    assertThat(requests).isGreaterThan(20_000);
    assertThat(Asked.of(() -> rank.replay().reservedBytes(), Long.MAX_VALUE).questions)
        .isGreaterThanOrEqualTo(rank.trace().size() / ENTRIES + 2 * (requests / REQUESTS));
  }

  @Test
  void an_estimate_ends_with_the_question_to_which_the_answer_is_yes() throws InterruptedException {
    long questions = Asked.of(() -> deep().neededDeviceBytes(), Long.MAX_VALUE).questions;

    for (long last = 1; last <= questions; last *= 2) {
      Asked asked = Asked.of(() -> deep().neededDeviceBytes(), last);

      assertThat(asked.ended).isTrue();
      assertThat(asked.questions).isEqualTo(last);
    }
  }
}
