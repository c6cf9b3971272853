package dev.vramcast.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.PoolHelpers;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.Certainty;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Maximum;
import dev.vramcast.core.fit.Remedies;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.property.JobProperty;
import dev.vramcast.core.run.RandomJobs;
import dev.vramcast.core.run.RecentSteps;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws between answers about one job as it grows, though its reserved bytes may fall. */
@Tag("slow")
class FitPropertiesTest {

  private static final int JOBS = 8;
  private static final int MOST = 24;
  private static final String CARD = "l4";

  @Test
  void where_less_is_needed_for_more_its_range_covers_what_less_needed() {
    forAllJobs(
        job -> {
          FitEvaluator endless = evaluator(job, 1L << 45);
          for (JobKey key : new JobKey[] {JobKey.MICRO_BATCH, JobKey.SEQUENCE_LENGTH}) {
            int value = job.value(key, Integer.class).orElseThrow();
            FitCheck less = endless.check(job);
            FitCheck more = endless.check(at(job, key, value + step(key)));

            assertThat(more.range().highBytes()).isGreaterThanOrEqualTo(less.deviceBytes());
            assertThat(more.deviceBytes())
                .isBetween(more.range().lowBytes(), more.range().highBytes());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everything_below_the_most_fits_too(boolean surely) {
    Certainty certainty = surely ? Certainty.FOR_CERTAIN : Certainty.BY_THE_ESTIMATE;
    forAllJobs(
        job -> {
          int middle = 1 + Math.floorMod(job.toMap().hashCode(), MOST);
          long card = evaluator(job, 1L << 45).check(batch(job, middle)).deviceBytes();
          FitEvaluator evaluator = evaluator(job, card);
          Optional<Maximum> most =
              Maximum.of(evaluator, job, Maximum.Values.upTo(JobKey.MICRO_BATCH, MOST), certainty);

          assertThat(IntStream.range(1, most.map(Maximum::value).orElse(1)))
              .allMatch(value -> certainty.isMet(evaluator.check(batch(job, value))));
        });
  }

  @ParameterizedTest
  @EnumSource(Certainty.class)
  void whether_a_job_fits_is_what_its_check_says(Certainty certainty) {
    forAllJobs(
        job -> {
          FitCheck endless = evaluator(job, 1L << 45).check(job);
          long[] cards = {
            endless.deviceBytes(),
            endless.deviceBytes() - 1,
            endless.memory().worst().reservedBytes(),
            endless.range().highBytes(),
            endless.range().highBytes() - 1,
            endless.deviceBytes() / 2
          };
          for (long card : cards) {
            FitEvaluator evaluator = evaluator(job, card);
            assertThat(evaluator.fits(job, certainty))
                .as("a card of %d bytes", card)
                .isEqualTo(evaluator.tryCheck(job).filter(certainty::isMet).isPresent());
          }
        });
  }

  @Test
  void advice_is_the_same_whoever_helps_to_find_it() {
    forAllJobs(
        job -> {
          long half = evaluator(job, 1L << 45).check(job).deviceBytes() / 2;
          FitEvaluator alone = evaluator(job, half);
          try (PoolHelpers helpers = new PoolHelpers(ForkJoinPool.commonPool())) {
            FitEvaluator helped = alone.knowing(new RecentSteps().helpedBy(helpers));

            assertThat(advice(helped, job)).isEqualTo(advice(alone, job)).isNotEmpty();
          }
        });
  }

  private static List<String> advice(FitEvaluator evaluator, JobDocument job) {
    List<Gpu> cards = List.of(GpuCatalog.embedded().find("h100").gpu());
    Advice advice = Remedies.advise(evaluator, evaluator.check(job), cards);
    return Stream.of(advice.alone(), advice.together(), advice.likely())
        .flatMap(List::stream)
        .map(
            step ->
                step.change().name() + " " + step.neededBytes() + " " + step.after().deviceBytes())
        .toList();
  }

  private static int step(JobKey key) {
    return key == JobKey.SEQUENCE_LENGTH ? 16 : 1;
  }

  private static JobDocument batch(JobDocument job, int value) {
    return at(job, JobKey.MICRO_BATCH, value);
  }

  private static JobDocument at(JobDocument job, JobKey key, int value) {
    return job.with(key, value, Place.of("law"));
  }

  private static void forAllJobs(Consumer<JobDocument> law) {
    JobProperty.forAll(RandomJobs::roll).assuming(FitPropertiesTest::runs).jobs(JOBS).check(law);
  }

  private static boolean runs(JobDocument job) {
    return job.has(JobKey.MICRO_BATCH)
        && job.has(JobKey.SEQUENCE_LENGTH)
        && evaluator(job, 1L << 45).tryCheck(job).isPresent();
  }

  private static FitEvaluator evaluator(JobDocument job, long bytes) {
    Architecture model =
        Families.read(new ModelConfig("config.json", job.modelConfig().orElseThrow()));
    return new FitEvaluator(
        model, Optional.of(GpuCatalog.embedded().find(CARD).gpu()), bytes, 0, RangeFile.embedded());
  }
}
