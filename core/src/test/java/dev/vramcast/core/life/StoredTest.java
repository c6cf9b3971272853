package dev.vramcast.core.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.Fits;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.run.RecentSteps;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredTest {

  private static final Architecture LLAMA = Fits.llama();

  /**
   * Of 61 875 200 parameters: 2 bytes each are downloaded, and 4 each are saved whole or merged.
   * What is carried home is the last of what is written.
   */
  @ParameterizedTest
  @CsvSource({
    "--method lora --framework trl, 127176255, 854080, the last weights",
    "--method full --framework trl --tokens 10000000 --save-steps 100, 10154264351, 247505144,"
        + " the last weights",
    "--method lora --framework trl --merge true, 374677055, 247500800, merged weights",
    "--method lora --framework unsloth --gguf q4_k_m, 428563691, 38621184, GGUF in q4_k_m",
  })
  void a_run_stores_what_its_life_has_on_the_disk_and_carries_home_its_result(
      String flags, long disk, long carried, String home) {
    Resolution resolution =
        JobResolver.resolve(
            Jobs.with(JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "1024"), flags));
    Life life =
        LifeEstimator.estimate(
            LLAMA,
            resolution,
            new RecentSteps().estimate(LLAMA, resolution.job(), Optional.empty()));

    Stored stored = Stored.of(LLAMA, resolution);

    assertThat(stored).isEqualTo(new Stored(disk, carried));
    DiskShare last = life.disk().get(life.disk().size() - 1);
    assertThat(last).isEqualTo(new DiskShare(home, stored.carriedBytes()));
  }
}
