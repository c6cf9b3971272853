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
import java.util.Optional;
import org.junit.jupiter.api.Test;

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

  @Test
  void cards_that_run_the_same_step_share_its_replays() {
    ResolvedJob job = Estimates.job("--method lora");
    AllocatorReplay small = steps.estimate(model, job, card("8.0", 24)).worst().replay();

    assertThat(steps.estimate(model, job, card("8.0", 80)).worst().replay()).isSameAs(small);
    assertThat(steps.estimate(model, job, card("9.0", 80)).worst().replay()).isNotSameAs(small);
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
