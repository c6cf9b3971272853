package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.RankEstimate;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FitEvaluatorTest {

  @Test
  void a_job_fits_when_its_whole_range_does() {
    long need = Fits.evaluator(1 << 20).check(Fits.job("")).deviceBytes();
    long mebibytes = need >> 20;

    assertThat(verdict(mebibytes * 13 / 10)).isEqualTo(Verdict.FITS);
    assertThat(verdict(mebibytes * 11 / 10)).isEqualTo(Verdict.TIGHT);
    assertThat(verdict(mebibytes * 95 / 100)).isEqualTo(Verdict.TIGHT);
    assertThat(verdict(mebibytes * 8 / 10)).isEqualTo(Verdict.DOES_NOT_FIT);
  }

  @Test
  void without_a_range_the_estimate_alone_decides() {
    FitEvaluator rich =
        new FitEvaluator(Fits.llama(), Optional.empty(), 1L << 40, 0, Fits.noRanges());
    long need = rich.check(Fits.job("")).deviceBytes();

    FitEvaluator exact = new FitEvaluator(Fits.llama(), Optional.empty(), need, 0, Fits.noRanges());
    FitEvaluator less =
        new FitEvaluator(Fits.llama(), Optional.empty(), need - 1, 0, Fits.noRanges());

    assertThat(exact.check(Fits.job("")).verdict()).isEqualTo(Verdict.FITS);
    assertThat(less.check(Fits.job("")).verdict()).isEqualTo(Verdict.DOES_NOT_FIT);
  }

  @Test
  void a_job_that_needs_the_most_allowed_fits_and_one_byte_more_does_not() {
    for (long mebibytes : new long[] {1000, 1024, 8191}) {
      FitEvaluator evaluator = Fits.evaluator(mebibytes);
      FitCheck check = evaluator.check(Fits.job(""));
      long most = evaluator.mostBytes(check.resolution().job());

      ErrorRange range = new ErrorRange(0.9, 1.2);
      assertThat(range.about(most).verdict(check.usableBytes())).isEqualTo(Verdict.FITS);
      assertThat(range.about(most + 1).verdict(check.usableBytes())).isEqualTo(Verdict.TIGHT);
      assertThat(check.fits()).isEqualTo(check.deviceBytes() <= most);
    }
  }

  @Test
  void without_a_range_all_may_be_needed() {
    FitEvaluator exact =
        new FitEvaluator(Fits.llama(), Optional.empty(), 1000, 10, Fits.noRanges());

    assertThat(exact.mostBytes(exact.check(Fits.job("")).resolution().job())).isEqualTo(990);
  }

  @Test
  void steps_run_in_what_is_needed_and_not_in_less_than_is_allocated() {
    RankEstimate rank = Fits.evaluator(8192).check(Fits.job("")).memory().worst();
    long needed = rank.neededBytes(rank.reservedBytes());

    assertThat(rank.replay().runs(needed)).isTrue();
    assertThat(rank.replay().runs(rank.allocatedBytes() - 1)).isFalse();
  }

  @Test
  void what_is_kept_free_is_not_there() {
    FitEvaluator all = FitEvaluator.of(Fits.llama(), Fits.card("card", 8192), 0, Fits.ranges());
    FitEvaluator less =
        FitEvaluator.of(Fits.llama(), Fits.card("card", 8192), 1L << 30, Fits.ranges());

    long spare = all.check(Fits.job("")).spareBytes();
    assertThat(less.check(Fits.job("")).spareBytes()).isEqualTo(spare - (1L << 30));
    assertThat(less.on(Fits.card("other", 16384)).check(Fits.job("")).usableBytes())
        .isEqualTo(15L << 30);
  }

  @Test
  void a_correction_is_that_of_one_card() {
    FitEvaluator plain = Fits.evaluator(8192);
    Correction half = new Correction(0.5, 1, 1 << 20, OptionalDouble.empty());
    FitEvaluator corrected = plain.corrected(Optional.of(half));
    FitCheck check = plain.check(Fits.job(""));
    long outside = check.memory().worst().outside().bytes();

    assertThat(corrected.check(Fits.job("")).deviceBytes())
        .isCloseTo((check.deviceBytes() - outside) / 2 + outside + (1 << 20), within(1L));
    assertThat(corrected.on(Fits.card("other", 8192)).check(Fits.job("")).deviceBytes())
        .isEqualTo(check.deviceBytes());
  }

  @Test
  void a_job_that_cannot_run_is_refused_or_left_out() {
    FitEvaluator evaluator = Fits.evaluator(8192);

    assertThatThrownBy(() -> evaluator.check(Fits.job("--strategy fsdp2 --count 4 --tensor 3")))
        .isInstanceOf(InputException.class);
    assertThat(evaluator.tryCheck(Fits.job("--strategy fsdp2 --count 4 --tensor 3"))).isEmpty();
  }

  @Test
  void tensors_that_are_too_many_need_no_replay() {
    assertThat(Fits.evaluator(64).tryFit(Fits.job(""))).isEmpty();
    assertThat(Fits.evaluator(1 << 16).tryFit(Fits.job(""))).isPresent();
  }

  @Test
  void only_what_fits_for_certain_is_found_when_that_is_asked() {
    long mebibytes = Fits.evaluator(1 << 20).check(Fits.job("")).deviceBytes() >> 20;

    FitEvaluator tight = Fits.evaluator(mebibytes * 11 / 10);
    assertThat(tight.tryFit(Fits.job(""))).isPresent();
    assertThat(tight.tryFitForCertain(Fits.job(""))).isEmpty();
    assertThat(Fits.evaluator(mebibytes * 13 / 10).tryFitForCertain(Fits.job("")))
        .hasValueSatisfying(check -> assertThat(check.fits()).isTrue());
  }

  private static Verdict verdict(long mebibytes) {
    return Fits.evaluator(mebibytes).check(Fits.job("")).verdict();
  }
}
