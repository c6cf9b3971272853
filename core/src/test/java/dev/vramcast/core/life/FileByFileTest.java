package dev.vramcast.core.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a merge takes that is a command of its own, and one that goes file by file. */
class FileByFileTest {

  private static final String ADAPTERS = " --targets q_proj --rank 16 --merge true ";
  private static final long PRODUCT = 1024 * 1024;
  private static final int LAYERS = 2;

  private final Architecture model =
      Estimates.model(
          "llama", Map.of("hidden_size", 1024, "intermediate_size", 2816, "vocab_size", 8192));
  private final long parameters = Tensors.count(model);

  @Test
  void one_weight_at_a_time_is_on_the_card_and_changed_ones_on_the_host() {
    EpisodeNeed need = merge("--framework axolotl --method lora --lora-dtype fp32" + ADAPTERS);

    assertThat(need.gpuBytes()).isEqualTo(12 * PRODUCT + 4 * 16 * (1024 + 1024));
    assertThat(need.hostBytes() - HostMemory.PROCESS).isEqualTo(2 * (LAYERS + 1) * PRODUCT);
  }

  @Test
  void every_matrix_goes_through_4_bits_where_the_base_was_in_these() {
    EpisodeNeed need = merge("--framework axolotl --method qlora" + ADAPTERS);
    long matrix = 8192 * 1024;

    assertThat(need.gpuBytes()).isEqualTo(10 * matrix + matrix / 2 + matrix / 64);
    assertThat(need.hostBytes() - HostMemory.PROCESS)
        .isEqualTo(Math.max(2 * parameters + 4 * PRODUCT, 6 * matrix));
  }

  @Test
  void the_whole_model_is_on_the_card_in_older_releases_without_what_trained_it() {
    String older = "--framework axolotl --framework-version 0.15.0 --method lora" + ADAPTERS;

    assertThat(merge(older).gpuBytes())
        .isBetween(2 * parameters, 2 * parameters + 10 * PRODUCT)
        .isEqualTo(merge(older + "--optimizer sgd").gpuBytes());
  }

  @Test
  void llama_factory_merges_on_the_host_without_a_card() {
    EpisodeNeed need = merge("--framework llama-factory --method lora" + ADAPTERS);

    assertThat(need.gpuBytes()).isZero();
    assertThat(need.hostBytes() - HostMemory.LIBRARIES)
        .isBetween(2 * parameters, 2 * parameters + 10 * PRODUCT);
  }

  @Test
  void litgpt_merges_what_it_trained_in_the_mapping_of_the_file() {
    String trained = "--framework litgpt --sequence-length 64 --method lora" + ADAPTERS;
    long mapped = own(trained + " --precision bf16");
    long cast = own(trained + " --precision bf16-mixed");

    assertThat(mapped).isPositive().isLessThan(parameters);
    assertThat(cast).isBetween(4 * parameters, 4 * parameters + 10 * PRODUCT);
    String trains = "--framework litgpt --method lora --sequence-length 64 --targets q_proj";
    assertThat(life(Jobs.resolve(trains)).episodes())
        .extracting(EpisodeNeed::name)
        .contains("merge");
    assertThat(life(Jobs.resolve(trains + " --merge false")).episodes())
        .extracting(EpisodeNeed::name)
        .doesNotContain("merge");
  }

  @Test
  void a_command_that_merges_on_cards_spreads_the_model_over_all_of_a_machine() {
    String command =
        "--framework ms-swift --sequence-length 64 --method lora --merge-device gpu" + ADAPTERS;
    long one = merge(command).gpuBytes();
    long four = merge(command + "--strategy ddp --count 4").gpuBytes();

    assertThat(four).isBetween(one / 4, one * 3 / 4);
    assertThat(merge(command + "--strategy ddp --count 8 --nodes 8").gpuBytes()).isEqualTo(one);
  }

  @Test
  void file_by_file_takes_one_card_however_many_trained() {
    String command = "--framework trl --method lora --merge-device file-by-file" + ADAPTERS;

    assertThat(merge(command + "--strategy ddp --count 4"))
        .extracting(EpisodeNeed::gpuBytes, EpisodeNeed::hostBytes)
        .isEqualTo(List.of(merge(command).gpuBytes(), merge(command).hostBytes()));
  }

  @Test
  void files_are_changed_beside_the_training_on_card_and_host_alike() {
    String apart = "--framework axolotl --method lora --merge-device files" + ADAPTERS;

    assertThat(merge(apart + "--optimizer sgd").gpuBytes()).isLessThan(merge(apart).gpuBytes());
    assertThat(merge(apart + "--loader-workers 9").hostBytes() - merge(apart).hostBytes())
        .isPositive();
  }

  @Test
  void how_large_files_are_taken_to_be_is_said() {
    Resolution resolution = Jobs.resolve("--framework axolotl --method lora" + ADAPTERS);

    assertThat(life(resolution).assumptions())
        .extracting(Object::toString)
        .anyMatch(it -> it.contains("Files of the base are taken to hold 5 GB"));
  }

  @Test
  void other_adapters_are_not_modelled_file_by_file() {
    assertThatThrownBy(() -> merge("--framework axolotl --method dora" + ADAPTERS))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("file-by-file of dora adapters");
  }

  /** Of the machine's memory, what a merge takes beside the process that trained. */
  private long own(String flags) {
    Life life = life(Jobs.resolve(flags));
    return merge(flags).hostBytes() - life.standingBytes();
  }

  private EpisodeNeed merge(String flags) {
    return life(Jobs.resolve(flags)).episodes().stream()
        .filter(need -> need.name().equals("merge"))
        .findFirst()
        .orElseThrow();
  }

  private Life life(Resolution resolution) {
    return LifeEstimator.estimate(
        model, resolution, MemoryEstimator.estimate(model, resolution.job(), Optional.empty()));
  }
}
