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

class JudgeTest {

  @Test
  void a_job_fits_when_its_whole_range_does() {
    long need = Fits.judge(1 << 20).check(Fits.job("")).deviceBytes();
    long mebibytes = need >> 20;

    assertThat(verdict(mebibytes * 13 / 10)).isEqualTo(Verdict.FITS);
    assertThat(verdict(mebibytes * 11 / 10)).isEqualTo(Verdict.TIGHT);
    assertThat(verdict(mebibytes * 95 / 100)).isEqualTo(Verdict.TIGHT);
    assertThat(verdict(mebibytes * 8 / 10)).isEqualTo(Verdict.DOES_NOT_FIT);
  }

  @Test
  void without_a_range_the_estimate_alone_decides() {
    Judge rich = new Judge(Fits.llama(), Optional.empty(), 1L << 40, 0, Fits.noRanges());
    long need = rich.check(Fits.job("")).deviceBytes();

    Judge exact = new Judge(Fits.llama(), Optional.empty(), need, 0, Fits.noRanges());
    Judge less = new Judge(Fits.llama(), Optional.empty(), need - 1, 0, Fits.noRanges());

    assertThat(exact.check(Fits.job("")).verdict()).isEqualTo(Verdict.FITS);
    assertThat(less.check(Fits.job("")).verdict()).isEqualTo(Verdict.DOES_NOT_FIT);
  }

  @Test
  void a_job_that_needs_the_most_allowed_fits_and_one_byte_more_does_not() {
    for (long mebibytes : new long[] {1000, 1024, 8191}) {
      Judge judge = Fits.judge(mebibytes);
      FitCheck check = judge.check(Fits.job(""));
      long most = judge.mostBytes(check.resolution().job());

      ErrorRange range = new ErrorRange(0.9, 1.2);
      assertThat(range.about(most).verdict(check.usableBytes())).isEqualTo(Verdict.FITS);
      assertThat(range.about(most + 1).verdict(check.usableBytes())).isEqualTo(Verdict.TIGHT);
      assertThat(check.fits()).isEqualTo(check.deviceBytes() <= most);
    }
  }

  @Test
  void without_a_range_all_may_be_needed() {
    Judge exact = new Judge(Fits.llama(), Optional.empty(), 1000, 10, Fits.noRanges());

    assertThat(exact.mostBytes(exact.check(Fits.job("")).resolution().job())).isEqualTo(990);
  }

  @Test
  void steps_run_in_what_is_needed_and_not_in_less_than_is_allocated() {
    RankEstimate rank = Fits.judge(8192).check(Fits.job("")).memory().worst();
    long needed = rank.neededBytes(rank.reservedBytes());

    assertThat(rank.runsIn(needed)).isTrue();
    assertThat(rank.runsIn(rank.allocatedBytes() - 1)).isFalse();
  }

  @Test
  void what_is_kept_free_is_not_there() {
    Judge all = Judge.of(Fits.llama(), Fits.card("card", 8192), 0, Fits.ranges());
    Judge less = Judge.of(Fits.llama(), Fits.card("card", 8192), 1L << 30, Fits.ranges());

    long spare = all.check(Fits.job("")).spareBytes();
    assertThat(less.check(Fits.job("")).spareBytes()).isEqualTo(spare - (1L << 30));
    assertThat(less.on(Fits.card("other", 16384)).check(Fits.job("")).usableBytes())
        .isEqualTo(15L << 30);
  }

  @Test
  void a_correction_is_that_of_one_card() {
    Judge plain = Fits.judge(8192);
    Correction half = new Correction(0.5, 1, 1 << 20, OptionalDouble.empty());
    Judge corrected = plain.corrected(Optional.of(half));
    FitCheck check = plain.check(Fits.job(""));
    long outside = check.memory().worst().outside().bytes();

    assertThat(corrected.check(Fits.job("")).deviceBytes())
        .isCloseTo((check.deviceBytes() - outside) / 2 + outside + (1 << 20), within(1L));
    assertThat(corrected.on(Fits.card("other", 8192)).check(Fits.job("")).deviceBytes())
        .isEqualTo(check.deviceBytes());
  }

  @Test
  void a_job_that_cannot_run_is_refused_or_left_out() {
    Judge judge = Fits.judge(8192);

    assertThatThrownBy(() -> judge.check(Fits.job("--strategy fsdp2 --count 4 --tensor 3")))
        .isInstanceOf(InputException.class);
    assertThat(judge.tryCheck(Fits.job("--strategy fsdp2 --count 4 --tensor 3"))).isEmpty();
  }

  @Test
  void tensors_that_are_too_many_need_no_replay() {
    assertThat(Fits.judge(64).tryFit(Fits.job(""))).isEmpty();
    assertThat(Fits.judge(1 << 16).tryFit(Fits.job(""))).isPresent();
  }

  @Test
  void only_what_fits_for_certain_is_found_when_that_is_asked() {
    long mebibytes = Fits.judge(1 << 20).check(Fits.job("")).deviceBytes() >> 20;

    Judge tight = Fits.judge(mebibytes * 11 / 10);
    assertThat(tight.tryFit(Fits.job(""))).isPresent();
    assertThat(tight.tryFitForCertain(Fits.job(""))).isEmpty();
    assertThat(Fits.judge(mebibytes * 13 / 10).tryFitForCertain(Fits.job("")))
        .hasValueSatisfying(check -> assertThat(check.fits()).isTrue());
  }

  private static Verdict verdict(long mebibytes) {
    return Fits.judge(mebibytes).check(Fits.job("")).verdict();
  }
}
