package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.replay.AllocatorReplay;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentStepsTest {

  private final Architecture model = Estimates.llama(false);
  private final RecentSteps steps = new RecentSteps();

  @Test
  void what_is_known_answers_as_if_it_were_asked_anew() {
    List<Optional<Gpu>> cards =
        List.of(Optional.empty(), card("8.0", 24), card("9.0", 80), card("10.0", 180));
    for (int time = 0; time < 2; time++) {
      for (String flags : List.of("--method full", "--method lora", "--method full --count 2")) {
        for (Optional<Gpu> card : cards) {
          ResolvedJob job = Estimates.job(flags);
          MemoryEstimate fresh = MemoryEstimator.estimate(model, job, card);
          MemoryEstimate known = steps.estimate(model, job, card);

          assertThat(known.assumptions()).isEqualTo(fresh.assumptions());
          assertThat(known.worst().breakdown()).isEqualTo(fresh.worst().breakdown());
          assertThat(known.worst().outside()).isEqualTo(fresh.worst().outside());
          assertThat(known.worst().deviceBytes()).isEqualTo(fresh.worst().deviceBytes());
          assertThat(known.worst().neededDeviceBytes())
              .isEqualTo(fresh.worst().neededDeviceBytes());
        }
      }
    }
  }

  /** Layers so large that few of them are gathered at a time. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method full",
        "--method full --checkpointing full --grad-accum 4",
        "--method lora --checkpointing full",
        "--method qlora --rank 64",
        "--method full --offload optimizer --optimizer-implementation deepspeed",
        "--method full --stage dpo --checkpointing full"
      })
  void the_least_allocated_bytes_take_a_shorter_trace_and_miss_a_thousandth_at_most(String flags) {
    Architecture wide =
        Estimates.model(
            "llama",
            Map.of("hidden_size", 8192, "intermediate_size", 28_672, "num_hidden_layers", 40));
    ResolvedJob job = Estimates.job("--strategy zero3 --count 8 " + flags);
    RankEstimate whole = MemoryEstimator.estimate(wide, job, card("9.0", 80)).worst();
    RankEstimate least = steps.atLeast(wide, job, card("9.0", 80)).worst();

    long exact = whole.allocatedBytes();
    assertThat(least.allocatedBytes()).isBetween(exact - exact / 1000, exact);
    assertThat(least.pinnedBytes()).isEqualTo(whole.pinnedBytes());
    // A quantised model is whole on the card first, whose pieces are written in either.
    if (job.quantization().isNone()) {
      assertThat(least.trace().size()).isLessThan(whole.trace().size());
    }
  }

  @Test
  void what_is_known_in_full_is_not_written_again_for_the_least() {
    ResolvedJob job = Estimates.job("--strategy zero3 --count 8 --method full");
    AllocatorReplay known = steps.estimate(model, job, card("9.0", 80)).worst().replay();

    assertThat(steps.atLeast(model, job, card("9.0", 80)).worst().replay()).isSameAs(known);
  }

  @Test
  void cards_that_run_the_same_step_share_its_replays() {
    ResolvedJob job = Estimates.job("--method lora");
    AllocatorReplay small = steps.estimate(model, job, card("8.0", 24)).worst().replay();

    assertThat(steps.estimate(model, job, card("8.0", 80)).worst().replay()).isSameAs(small);
    assertThat(steps.estimate(model, job, card("9.0", 80)).worst().replay()).isNotSameAs(small);
  }

  /** Cards so small that the driver refuses memory, at another request for each. */
  @Test
  void many_threads_that_ask_about_the_same_job_get_the_answers_of_one() throws Exception {
    ResolvedJob job = Estimates.job("--method full --micro-batch 8");
    RankEstimate alone = MemoryEstimator.estimate(model, job, Optional.empty()).worst();
    long least = alone.neededBytes(alone.reservedBytes());
    long most = alone.reservedBytes();
    List<Long> limits =
        IntStream.range(0, 64).mapToObj(i -> least + (most - least) * (i % 16) / 16).toList();
    List<OptionalLong> expected =
        limits.stream().map(limit -> alone.replay().inFull(limit)).toList();
    RankEstimate shared = steps.estimate(model, job, Optional.empty()).worst();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<List<Object>>> questions =
          limits.stream()
              .map(limit -> answers(shared.replay(), limit, shared.allocatedBytes(), most))
              .toList();
      List<Future<List<Object>>> answers = threads.invokeAll(questions);
      for (int i = 0; i < limits.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(List.of(expected.get(i), least));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** What is held under a limit, and needed at least, for which what was saved is forgotten. */
  private static Callable<List<Object>> answers(
      AllocatorReplay replay, long limit, long allocated, long most) {
    return () -> List.of(replay.reservedBytes(limit), replay.neededBytes(allocated, most));
  }

  /** Unsloth's chunks are of the memory that is free: a step of its own for every card. */
  @Test
  void a_loss_that_takes_what_is_free_takes_more_on_a_larger_card() {
    ResolvedJob job =
        Estimates.job(
            "--method lora --framework unsloth --framework-version 2025.9 --micro-batch 64");

    long small = lossPeak(job, card("8.0", 2));
    long large = lossPeak(job, card("8.0", 80));

    assertThat(large).isGreaterThan(small);
  }

  private long lossPeak(ResolvedJob job, Optional<Gpu> card) {
    return steps.estimate(model, job, card).worst().phasePeaks().get(Phase.FORWARD_HEAD);
  }

  @Test
  void a_job_that_cannot_run_is_refused_each_time() {
    ResolvedJob job = Estimates.job("--method lora --targets no_such_module");

    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> steps.estimate(model, job, Optional.empty()))
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void only_the_last_jobs_are_kept() {
    ResolvedJob first = Estimates.job("--method lora");
    RankEstimate kept = steps.estimate(model, first, Optional.empty()).worst();
    for (int rank = 1; rank <= 200; rank++) {
      steps.estimate(model, Estimates.job("--method lora --rank " + rank), Optional.empty());
    }

    assertThat(steps.estimate(model, first, Optional.empty()).worst().replay())
        .isNotSameAs(kept.replay());
  }

  private static Optional<Gpu> card(String capability, int gibibytes) {
    return Optional.of(
        Cards.card(
            gibibytes + " GiB",
            capability,
            new MemorySize(gibibytes << 10, false, gibibytes),
            "none"));
  }
}
