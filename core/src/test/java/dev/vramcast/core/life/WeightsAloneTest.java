package dev.vramcast.core.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that merge, join or convert weights of before, and train none. */
class WeightsAloneTest {

  private static final String MERGE =
      "--method lora --targets q_proj --merge true --save-alone true ";

  private final Architecture llama = Estimates.llama(false);
  private final long parameters = Tensors.count(llama);

  @Test
  void nothing_but_what_is_done_to_the_weights_is_an_episode() {
    assertThat(names(MERGE + "--framework unsloth --gguf q4_k_m"))
        .containsExactly("merge", "export");
    assertThat(names(MERGE + "--framework trl")).containsExactly("merge");
    assertThat(
            names("--method full --strategy fsdp2 --count 4 --consolidate true --save-alone true"))
        .containsExactly("consolidate");
  }

  @Test
  void on_the_host_there_are_the_model_the_adapters_and_two_products() {
    EpisodeNeed merge = only(MERGE + "--framework llama-factory");
    long adapters = 2 * 4 * 8 * (1024 + 1024);

    assertThat(merge.gpuBytes()).isZero();
    assertThat(merge.hostBytes())
        .isEqualTo(HostMemory.LIBRARIES + 2 * parameters + adapters + 2 * 4 * 1024 * 1024);
  }

  @Test
  void on_a_card_there_is_nothing_of_a_training() {
    String flags = "--framework transformers ";
    EpisodeNeed merge = only(MERGE + flags);
    long adapters = 2 * 4 * 8 * (1024 + 1024);

    assertThat(merge.gpuBytes())
        .isEqualTo(2 * parameters + adapters + 2 * 4 * 1024 * 1024)
        .isLessThan(need(MERGE.replace("--save-alone true", "") + flags).gpuBytes());
    assertThat(merge.hostBytes()).isEqualTo(HostMemory.PROCESS + 2 * parameters);
  }

  @Test
  void a_model_on_several_cards_is_divided() {
    String flags = MERGE + "--framework ms-swift ";

    assertThat(only(flags + "--count 2").gpuBytes()).isLessThan(only(flags).gpuBytes());
  }

  @Test
  void one_process_does_it_however_many_cards_there_are() {
    String converts = "--method full --gguf q8_0 --save-alone true ";
    String files = MERGE + "--framework unsloth ";

    assertThat(only(converts).hostBytes())
        .isEqualTo(only(converts + "--count 8").hostBytes())
        .isBetween(HostMemory.LIBRARIES, HostMemory.PROCESS);
    assertThat(only(files).hostBytes())
        .isEqualTo(only(files + "--count 8").hostBytes())
        .isBetween(HostMemory.PROCESS, 2 * HostMemory.PROCESS);
    assertThat(life(files + "--count 8").standingBytes()).isEqualTo(HostMemory.PROCESS);
  }

  @Test
  void a_whole_model_is_converted_where_nothing_says_that_there_are_adapters() {
    assertThat(names("--gguf q4_k_m --save-alone true")).containsExactly("export");
    assertThat(names("--gguf q4_k_m --save-alone true --rank 8"))
        .containsExactly("merge", "export");
    assertThat(names("--gguf q4_k_m --save-alone true --merge true"))
        .containsExactly("merge", "export");
  }

  @ParameterizedTest
  @CsvSource({"trl, gpu", "ms-swift, gpu", "llama-factory, cpu", "unsloth, files"})
  void where_it_is_merged_is_among_the_values(String framework, String device) {
    Resolution resolution = resolution(MERGE + "--framework " + framework);

    assertThat(resolution.value(JobKey.MERGE_DEVICE).orElseThrow().text()).isEqualTo(device);
    assertThat(JobResolver.resolve(resolution.document()).job()).isEqualTo(resolution.job());
    assertThat(resolution(MERGE.replace("--save-alone true", "")).value(JobKey.MERGE_DEVICE))
        .isEmpty();
  }

  @Test
  void files_are_merged_beside_the_model_as_it_was_loaded() {
    String flags = "--framework unsloth --method qlora --targets q_proj --merge true ";
    EpisodeNeed alone = only(flags + "--save-alone true");

    assertThat(alone.gpuBytes())
        .isGreaterThan(parameters / 2)
        .isLessThan(2 * parameters)
        .isLessThan(need(flags).gpuBytes());
  }

  @Test
  void the_disk_has_what_is_read_and_what_is_written() {
    assertThat(life(MERGE + "--framework trl").disk())
        .extracting(DiskShare::what)
        .containsExactly("weights in the Hub's cache", "adapters", "merged weights");
    assertThat(life(MERGE + "--framework trl").checkpoint()).isEmpty();
    assertThat(
            life("--method full --strategy zero3 --count 4 --consolidate true --save-alone true")
                .disk())
        .extracting(DiskShare::what)
        .containsExactly("a checkpoint", "consolidated weights");
  }

  @Test
  void shards_are_put_together_as_behind_a_training() {
    String flags = "--method full --strategy fsdp2 --count 4 --framework trl --consolidate true ";
    EpisodeNeed behind =
        LifeEstimator.estimate(llama, resolution(flags + "--saved-state sharded"), memory(flags))
            .episodes()
            .stream()
            .filter(each -> each.name().equals("consolidate"))
            .findFirst()
            .orElseThrow();

    assertThat(only(flags + "--save-alone true").hostBytes()).isEqualTo(behind.hostBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method lora --save-alone true",
        "--method full --strategy fsdp2 --save-alone true --consolidate true --saved-state full"
      })
  void a_job_that_neither_trains_nor_writes_is_refused(String flags) {
    assertThatThrownBy(() -> resolution(flags))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("true leaves nothing to do")
        .hasMessageContaining("saving.merge true, saving.consolidate true or saving.gguf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--strategy ddp --count 4", "--strategy none"})
  void whole_weights_are_no_shards_to_put_together(String flags) {
    assertThatThrownBy(
            () -> resolution("--method full --save-alone true --consolidate true " + flags))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no shards to put together");
  }

  @ParameterizedTest
  @CsvSource({"--host-memory 0.5, HOST", "--host-memory 64 --disk 0.05, DISK"})
  void a_machine_may_have_too_little(String machine, String resource) {
    Resolution resolution = resolution(MERGE + "--framework llama-factory " + machine);
    Life life = LifeEstimator.ofWeights(llama, resolution);

    assertThat(life.shortage(resolution.job().machine()).orElseThrow().resource())
        .hasToString(resource);
  }

  private List<String> names(String flags) {
    return life(flags).episodes().stream().map(EpisodeNeed::name).toList();
  }

  private EpisodeNeed only(String flags) {
    assertThat(life(flags).episodes()).hasSize(1);
    return life(flags).episodes().get(0);
  }

  private Life life(String flags) {
    return LifeEstimator.ofWeights(llama, resolution(flags));
  }

  /** The merge behind a training. */
  private EpisodeNeed need(String flags) {
    return LifeEstimator.estimate(llama, resolution(flags), memory(flags)).episodes().stream()
        .filter(each -> each.name().equals("merge"))
        .findFirst()
        .orElseThrow();
  }

  private MemoryEstimate memory(String flags) {
    return MemoryEstimator.estimate(llama, resolution(flags).job(), Optional.empty());
  }

  private static Resolution resolution(String flags) {
    JobDocument usual = JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "512");
    return JobResolver.resolve(Jobs.with(usual, flags));
  }
}
