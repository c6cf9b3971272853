package dev.vramcast.core.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.file.SavedFile;
import dev.vramcast.core.property.JobProperty;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RandomJobs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws that hold for the life of every job. */
class LifePropertyTest {

  private static final int JOBS = 100;

  @ParameterizedTest
  @ValueSource(strings = {"none", "ddp", "fsdp1", "fsdp2", "zero2", "zero3"})
  void nothing_is_negative_and_a_disk_never_gets_emptier(String strategy) {
    everyLife(strategy)
        .check(
            job -> {
              Life life = life(job, strategy).orElseThrow();
              List<Long> disk = life.episodes().stream().map(EpisodeNeed::diskBytes).toList();

              assertThat(disk).isSorted();
              assertThat(life.episodes()).allMatch(each -> each.gpuBytes() >= 0);
              assertThat(life.episodes())
                  .allMatch(each -> each.hostBytes() >= life.standingBytes());
              assertThat(life.checkpoint()).isNotEmpty().allMatch(file -> file.bytes() > 0);
              assertThat(life.checkpoint()).extracting(SavedFile::name).doesNotHaveDuplicates();
            });
  }

  @Test
  void a_checkpoint_without_states_is_smaller_by_them() {
    everyLife("none")
        .check(
            job -> {
              Life whole = life(job, "none").orElseThrow();
              JobDocument model = job.withFlag(JobKey.SAVE_ONLY_MODEL, "true");
              Life less = life(model, "none").orElseThrow();

              assertThat(less.checkpoint()).hasSize(1);
              assertThat(whole.checkpoint()).startsWith(less.checkpoint().get(0)).hasSize(2);
              assertThat(less.diskBytes()).isLessThan(whole.diskBytes());
            });
  }

  private static JobProperty everyLife(String strategy) {
    return JobProperty.forAll(RandomJobs::roll)
        .assuming(job -> life(job, strategy).isPresent())
        .jobs(JOBS);
  }

  /** With all that a run can do; empty where the job does not run so. */
  private static Optional<Life> life(JobDocument job, String strategy) {
    try {
      JobDocument asked =
          job.withFlag(JobKey.STRATEGY, strategy)
              .withFlag(JobKey.GPU_COUNT, strategy.equals("none") ? "1" : "4")
              .withFlag(JobKey.RESUME, "true");
      Resolution first = JobResolver.resolve(asked);
      Resolution resolution =
          first.job().adapter().isPresent()
              ? JobResolver.resolve(asked.withFlag(JobKey.MERGE, "true"))
              : first;
      Architecture architecture =
          Families.read(new ModelConfig("random", job.modelConfig().orElseThrow()));
      return Optional.of(
          LifeEstimator.estimate(
              architecture,
              resolution,
              MemoryEstimator.estimate(architecture, resolution.job(), Optional.empty())));
    } catch (InputException | UnsupportedJobException e) {
      return Optional.empty();
    }
  }
}
