package dev.vramcast.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.calibration.MeasuredSpeed.Counted;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CorrectionTest {

  private static final long MIB = 1 << 20;

  /** 1000 MiB of tensors, 200 kept beside them, 400 outside, 50 tokens a second. */
  private static final Estimated ESTIMATED =
      new Estimated(
          600 * MIB,
          1000 * MIB,
          1200 * MIB,
          1200 * MIB,
          400 * MIB,
          OptionalDouble.of(50),
          Map.of());

  @Test
  void each_part_is_corrected_for_itself() {
    Correction correction =
        Correction.of(
            run(
                Map.of(
                    RunFigure.ALLOCATED, 1100, RunFigure.RESERVED, 1452, RunFigure.DEVICE, 1900)),
            ESTIMATED,
            job("packed"));

    assertThat(correction).isEqualTo(new Correction(1.1, 1.1, 48 * MIB, OptionalDouble.empty()));
    assertThat(correction.allocated(500)).isEqualTo(550);
    assertThat(correction.reserved(500, 1000)).isEqualTo(1210);
    assertThat(correction.outside(MIB)).isEqualTo(49 * MIB);
  }

  @Test
  void what_was_not_measured_is_taken_as_estimated() {
    assertThat(of(Map.of(RunFigure.ALLOCATED, 1100))).isEqualTo(factors(1.1, 1));
    assertThat(of(Map.of(RunFigure.RESERVED, 1320))).isEqualTo(factors(1.1, 1));
    assertThat(of(Map.of(RunFigure.DEVICE, 1720))).isEqualTo(factors(1.1, 1));
    assertThat(of(Map.of(RunFigure.ALLOCATED, 1000, RunFigure.DEVICE, 1720)))
        .isEqualTo(factors(1, 1.1));
  }

  /** Readings show 100 MiB less than is reserved, which the first steps gave back. */
  @Test
  void a_reading_of_the_driver_is_held_against_what_readings_show() {
    Estimated settled =
        new Estimated(
            600 * MIB,
            1000 * MIB,
            1200 * MIB,
            1100 * MIB,
            400 * MIB,
            OptionalDouble.of(50),
            Map.of());

    assertThat(Correction.of(run(Map.of(RunFigure.DEVICE, 1500)), settled, job("packed")))
        .isEqualTo(factors(1, 1));
    assertThat(
            Correction.of(
                run(Map.of(RunFigure.RESERVED, 1200, RunFigure.DEVICE, 1500)),
                settled,
                job("packed")))
        .isEqualTo(factors(1, 1));
    assertThat(CorrectedMemory.of(factors(1, 1), 1000, 1200, 1100, 1600, 400))
        .isEqualTo(new CorrectedMemory(1000, 1200, 1500, 1600));
  }

  @Test
  void needed_bytes_stay_where_they_were_between_both_ends() {
    Correction correction = new Correction(2, 1.5, 10, OptionalDouble.empty());

    assertThat(correction.needed(1000, 2000, 1500, 100)).isEqualTo(2000 + 2000 + 110);
    assertThat(correction.needed(1000, 1000, 1000, 0)).isEqualTo(2010);
  }

  @Test
  void corrected_reserved_bytes_hold_the_allocated_ones() {
    assertThat(new Correction(1, 0.5, 0, OptionalDouble.empty()).reserved(900, 1000))
        .isEqualTo(900);
  }

  @Test
  void a_speed_is_used_where_the_same_tokens_were_counted() {
    assertThat(speed(Counted.ALL, "padded")).hasValue(0.8);
    assertThat(speed(Counted.UNKNOWN, "packed")).hasValue(0.8);
    assertThat(speed(Counted.UNKNOWN, "padded")).isEmpty();
    assertThat(speed(Counted.TRAINED, "packed")).isEmpty();
  }

  @Test
  void the_speed_of_each_gpu_is_that_of_all_for_one() {
    MeasuredSpeed each = new MeasuredSpeed(10, true, Counted.ALL, "log");

    assertThat(each.total(4)).isEqualTo(40);
    assertThat(new MeasuredSpeed(10, false, Counted.ALL, "log").total(4)).isEqualTo(10);
  }

  @Test
  void a_run_of_another_job_is_refused() {
    assertThatThrownBy(() -> of(Map.of(RunFigure.ALLOCATED, 2100)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a correction of tensors by x2.1 is not kept, allowed: x0.5 to x2; most likely the run"
                + " was of another job than the one described");
    assertThatThrownBy(() -> of(Map.of(RunFigure.ALLOCATED, 1000, RunFigure.RESERVED, 2500)))
        .hasMessageStartingWith("a correction of the allocator by x2.08");
    assertThatThrownBy(() -> of(Map.of(RunFigure.RESERVED, 1200, RunFigure.DEVICE, 3700)))
        .hasMessageContaining("2100 MiB outside the allocator is not kept, allowed: -400 to 2048");
  }

  private static OptionalDouble speed(Counted counted, String padding) {
    Run run =
        new Run(
            List.of("log"),
            Map.of(),
            Optional.of(new MeasuredSpeed(40, false, counted, "log")),
            Map.of(),
            RunFacts.NONE,
            List.of());
    return Correction.of(run, ESTIMATED, job(padding)).speed();
  }

  private static Correction factors(double tensors, double allocator) {
    return new Correction(tensors, allocator, 0, OptionalDouble.empty());
  }

  private static Correction of(Map<RunFigure, Integer> mebibytes) {
    return Correction.of(run(mebibytes), ESTIMATED, job("packed"));
  }

  private static Run run(Map<RunFigure, Integer> mebibytes) {
    Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
    mebibytes.forEach(
        (figure, value) -> figures.put(figure, new MeasuredBytes(value * MIB, 0, "log")));
    return new Run(List.of("log"), figures, Optional.empty(), Map.of(), RunFacts.NONE, List.of());
  }

  private static ResolvedJob job(String padding) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.METHOD, "full")
            .withFlag(JobKey.PADDING, padding)
            .withFlag(JobKey.SEQUENCE_LENGTH, "256");
    return JobResolver.resolve(document).job();
  }
}
