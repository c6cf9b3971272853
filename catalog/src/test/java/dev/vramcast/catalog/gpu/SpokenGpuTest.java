package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.cloud.Instances;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenGpuTest {

  private static GpuMatch find(String text) {
    return GpuCatalog.embedded().find(text);
  }

  @ParameterizedTest
  @CsvSource({
    "MacBook Pro M3 Max 36GB, Apple M3 Max 36GB",
    "macbook pro 16 inch m3 pro 36GB, Apple M3 Pro 36GB",
    "mac studio m2 ultra 192gb, Apple M2 Ultra 192GB",
    "iMac M1 16GB, Apple M1 16GB",
    "m3max 64, Apple M3 Max 64GB",
    "colab t4, T4",
    "H100 SXM5 80GB on colab, H100 SXM5 80GB",
    "Google Colab L4, L4",
    "kaggle p100, P100 16GB",
    "RTX 4090 by the hour, RTX 4090",
    "gtx 1650, GTX 1650",
    "5090 mobile, RTX 5090 Laptop",
    "A6000 Ada, RTX 6000 Ada",
    "RTX A6000, RTX A6000",
    "rtx 3090 nvlink, RTX 3090",
    "runpod 4090, RTX 4090",
    "4090 on vast.ai, RTX 4090",
    "GTX 1660 Super, GTX 1660 SUPER",
    "rtx 3050, RTX 3050 8GB",
    "rtx 3050 6gb, RTX 3050 6GB"
  })
  void a_computer_and_a_place_stand_beside_a_card(String said, String card) {
    assertThat(find(said).gpu().name()).isEqualTo(card);
  }

  @Test
  void a_count_behind_a_place_stays_one() {
    assertThat(find("kaggle t4 x2").count()).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"colab", "Google Colab Pro", "kaggle", "m2 max", "M1", "iMac 24-inch M3"})
  void what_means_several_cards_is_a_question(String said) {
    assertThatThrownBy(() -> find(said))
        .isInstanceOfSatisfying(
            InputException.class,
            refusal ->
                assertThat(refusal.error().choices())
                    .hasSizeGreaterThan(1)
                    .allSatisfy(choice -> assertThat(find(choice).gpu()).isNotNull()));
  }

  @ParameterizedTest
  @CsvSource({
    "8gb laptop, RTX 4070 Laptop",
    "gaming laptop 16gb, RTX 4090 Laptop",
    "my laptop, RTX 5090 Laptop",
    "laptop with 6 GB of VRAM, RTX 4050 Laptop",
    "laptop 10GB, RTX 4060 Laptop"
  })
  void a_laptop_may_have_any_laptop_card_of_its_size(String said, String one) {
    assertThatThrownBy(() -> find(said))
        .isInstanceOfSatisfying(
            InputException.class,
            refusal ->
                assertThat(refusal.error().choices())
                    .contains(one)
                    .allSatisfy(choice -> assertThat(choice).contains("Laptop")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "CPU only", "none", "no gpu"})
  void no_card_is_none_of_a_misspelt_name(String said) {
    assertThatThrownBy(() -> find(said))
        .hasMessageStartingWith("'" + said + "' is no card")
        .hasMessageNotContaining("TPU");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A100 MIG 3g.40gb", "H100 2g.20gb", "mig h100"})
  void a_slice_of_a_card_is_called_one(String said) {
    assertThatThrownBy(() -> find(said)).hasMessageContaining("a slice of a card (MIG)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtx", "kaggle tpu"})
  void a_word_that_is_no_card_is_not_proposed_as_one(String said) {
    assertThatThrownBy(() -> find(said))
        .isInstanceOfSatisfying(
            InputException.class, refusal -> assertThat(refusal.error().choices()).isEmpty())
        .hasMessageEndingWith("for example 'RTX 4090', 'A100-80GB', 'H100'");
  }

  @ParameterizedTest
  @CsvSource({"16x H100, 2", "H100:24, 3", "8xH100, 0", "H100:9, 0", "2x DGX Spark, 2"})
  void more_than_a_machine_holds_are_in_several_where_nobody_says_in_how_many(
      String text, int nodes) {
    JobDocument counted = find(text).counted(JobDocument.empty().withFlag(JobKey.GPU, text));

    assertThat(counted.value(JobKey.NODES, Integer.class).orElse(0)).isEqualTo(nodes);
    assertThat(counted.remarks()).hasSize(text.equals("8xH100") ? 0 : 1);
    assertThat(counted.remarks())
        .allMatch(remark -> remark.notice().leads())
        .allMatch(remark -> remark.notice().toString().matches("\\d.*\\."));
    JobDocument one = JobDocument.empty().withFlag(JobKey.NODES, "1");
    assertThat(find(text).counted(one).remarks()).isEmpty();
  }

  @Test
  void a_machine_by_its_own_name_is_one_however_many_gpus_it_has() {
    Instances.all()
        .forEach(
            (name, machine) -> {
              JobDocument job = find(name).counted(JobDocument.empty().withFlag(JobKey.GPU, name));
              assertThat(job.value(JobKey.GPU_COUNT, Integer.class)).hasValue(machine.count());
              assertThat(job.value(JobKey.NODES, Integer.class).orElse(1)).as(name).isEqualTo(1);
              assertThat(job.remarks()).as(name).isEmpty();
            });
    JobDocument two = JobDocument.empty().with(JobKey.NODES, 2, Place.of("test"));
    assertThat(gpus("a2-megagpu-16g", two)).hasValue(32);
  }

  @Test
  void a_count_in_a_name_is_that_of_each_of_several_nodes() {
    JobDocument two = JobDocument.empty().with(JobKey.NODES, 2, Place.of("test"));

    assertThat(gpus("p4d.24xlarge", two)).hasValue(16);
    assertThat(gpus("8xH100", two)).hasValue(16);
    assertThat(gpus("16xH100", two)).hasValue(16);
    assertThat(gpus("8xH100", two.with(JobKey.GPU_COUNT, 8, Place.of("test")))).hasValue(8);
    assertThat(gpus("8xH100", two.with(JobKey.GPU_COUNT, 16, Place.of("test")))).hasValue(16);
    assertThat(gpus("8xH100", JobDocument.empty())).hasValue(8);
    assertThat(gpus("H100", two)).isEmpty();
    assertThat(find("8xH100").ofEachNode(two.with(JobKey.GPU, "8xH100", Place.of("test"))))
        .map(Notice::toString)
        .hasValue("'8xH100' is in each of 2 nodes, 16 GPUs in all");
    assertThat(find("16xH100").ofEachNode(two)).isEmpty();
  }

  private static Optional<Integer> gpus(String text, JobDocument job) {
    return find(text).counted(job).value(JobKey.GPU_COUNT, Integer.class);
  }

  @Test
  void what_is_no_card_beside_a_computer_is_quoted_as_typed() {
    assertThatThrownBy(() -> find("Mac Pro Foozle"))
        .hasMessageContaining("unknown GPU 'Mac Pro Foozle'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"macbook pro", "MacBook Pro 16GB", "2x MacBook", "mac mini 24 gb ram"})
  void a_computer_without_its_chip_is_asked_for_it(String said) {
    assertThatThrownBy(() -> find(said))
        .hasMessageContaining("'" + said + "' is a computer of several chips")
        .hasMessageContaining("M3 Max 36GB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"free colab", "the free google colab", "on a free colab notebook"})
  void cards_that_are_lent_free_are_those_that_are_lent(String said) {
    assertThatThrownBy(() -> find(said)).hasMessageContaining("may be any of 'T4'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8gb vram", "8 GB of VRAM", "an 8gb card", "my 8GB gpu", "8gb memory"})
  void a_size_is_one_whatever_people_say_around_it(String said) {
    assertThat(GpuSize.of(said)).map(GpuSize::text).hasValue("8GB");
    assertThatThrownBy(() -> find(said)).hasMessageContaining("'RTX 3070'");
  }

  @ParameterizedTest
  @CsvSource({
    "H100 SXM5 80GB, 8",
    "RTX 3060 12GB, 8",
    "A40, 10",
    "GB200 (per GPU), 4",
    "GH200 96GB, 1",
    "DGX Spark, 1",
    "RTX 4090 Laptop, 1",
    "Apple M3 Max 36GB, 1"
  })
  void a_machine_holds_so_many_of_a_card(String card, int most) {
    Gpu gpu = find(card).gpu();

    assertThat(GpuCatalog.embedded().remark(gpu).mostInAMachine()).isEqualTo(most);
  }
}
