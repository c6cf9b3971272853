package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How cards are found by the names people and tools have for them. */
class GpuCatalogTest {

  private final GpuCatalog catalog = GpuCatalog.embedded();

  @ParameterizedTest
  @CsvSource({
    "H100, H100 SXM5 80GB",
    "h100-sxm, H100 SXM5 80GB",
    "H100 SXM5, H100 SXM5 80GB",
    "H100-80GB, H100 SXM5 80GB",
    "NVIDIA H100 80GB HBM3, H100 SXM5 80GB",
    "H100 PCIe, H100 PCIe 80GB",
    "h100-nvl, H100 NVL 94GB",
    "H200, H200 SXM 141GB",
    "rtx-4090, RTX 4090",
    "RTX 4090, RTX 4090",
    "RTX4090, RTX 4090",
    "4090, RTX 4090",
    "NVIDIA GeForce RTX 4090, RTX 4090",
    "RTX 5090 PCIe, RTX 5090",
    "4070ti super, RTX 4070 Ti SUPER",
    "A100-80GB, A100 80GB SXM4",
    "A100 80G PCIe, A100 80GB PCIe",
    "A100 80G, A100 80GB SXM4",
    "a100-40gb, A100 40GB SXM4",
    "A100 40G, A100 40GB SXM4",
    "NVIDIA A100-SXM4-80GB, A100 80GB SXM4",
    "Tesla V100-SXM2-16GB, V100 16GB (SXM2)",
    "Tesla T4, T4",
    "a10g, A10G",
    "A10, A10",
    "L40S, L40S",
    "A6000, RTX A6000",
    "NVIDIA RTX 6000 Ada Generation, RTX 6000 Ada",
    "RTX PRO 6000, RTX PRO 6000 Blackwell Workstation",
    "NVIDIA RTX PRO 6000 Blackwell Server Edition, RTX PRO 6000 Blackwell Server",
    "RTXPRO6000-WS, RTX PRO 6000 Blackwell Workstation",
    "RTX4060Ti 16GB, RTX 4060 Ti 16GB",
    "RTX4070TiSUPER, RTX 4070 Ti SUPER",
    "RTX6000-Ada, RTX 6000 Ada",
    "B200, B200 SXM 180GB",
    "GB200, GB200 (per GPU)",
    "AMD Instinct MI300X, MI300X",
    "MI250, MI250 (per GCD)",
    "gaudi2, Gaudi 2 (HL-225)",
    "tpu-v5e, TPU v5e",
    "DGX Spark, DGX Spark (GB10)",
    "NVIDIA GB10, DGX Spark (GB10)",
    "M4 Max 128GB, Apple M4 Max 128GB",
    "Apple M3 Ultra 512 GB, Apple M3 Ultra 512GB",
    "5090 laptop, RTX 5090 Laptop",
    "NVIDIA GeForce RTX 4060 Laptop GPU, RTX 4060 Laptop",
    "RTX PRO 4500, RTX PRO 4500 Blackwell",
    "rtx 4070 super, RTX 4070 SUPER",
    "MI350X, MI350X",
    "A800 PCIe, A800 80GB PCIe",
    "3080, RTX 3080 10GB",
    "RTX 3080 12GB, RTX 3080 12GB",
    "rtx 2060, RTX 2060 6GB",
    "NVIDIA GeForce RTX 2060 12GB, RTX 2060 12GB",
    "2080 super, RTX 2080 SUPER",
    "NVIDIA GeForce GTX 1080 Ti, GTX 1080 Ti",
    "Tesla P40, P40",
    "NVIDIA TITAN RTX, TITAN RTX",
    "Quadro RTX 8000, Quadro RTX 8000",
    "RTX 2000 Ada, RTX 2000 Ada",
  })
  void finds_devices_as_people_write_them(String text, String name) {
    assertThat(catalog.find(text).gpu().name()).isEqualTo(name);
  }

  @Test
  void finds_every_device_by_its_own_name_without_an_assumption() {
    for (Gpu gpu : catalog.all()) {
      GpuMatch match = catalog.find(gpu.name());
      assertThat(match.gpu()).isEqualTo(gpu);
      assertThat(match.count()).isEmpty();
      assertThat(match.assumption()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "A100-80GB:8, 8",
    "A100:80GB:8, 8",
    "8xH100, 8",
    "8 x H100, 8",
    "H100*4, 4",
    "4*H100, 4",
    "H100x8, 8",
    "H100 x 8, 8",
    "a100-80gbx4, 4",
    "RTX 4060 Ti 16GB x2, 2",
    "A100 80GB x 1000, 1000",
    "A100-80GB:1000, 1000",
    "H100x1000, 1000",
    "2x4090, 2",
    "two 4090, 2",
    "Four RTX 4090s, 4",
    "eight H100s, 8",
    "dual 3090s, 2",
    "single 4090, 1",
    "Quad RTX A6000, 4",
    "L40Sx4, 4",
    "H200 NVLx2, 2",
    "H100 SXM5x8, 8",
    "3080 Tix2, 2",
    "MI300X x8, 8",
    "MI300X X 8, 8",
    "MI300Xx8, 8",
    "4 x MI300X 192, 4",
    "L4:1, 1",
    "my dual 3090, 2",
    "our 4x H100, 4",
  })
  void reads_a_count(String text, int count) {
    assertThat(catalog.find(text).count()).hasValue(count);
    assertThat(catalog.find("L4").count()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dual 24GB", "2x24GB", "my two 24GB", "24GB x2", "24GB", "24 GiB"})
  void a_size_with_a_count_may_be_any_card_of_that_size(String text) {
    assertThatThrownBy(() -> catalog.find(text))
        .hasMessageStartingWith("'" + text + "' may be any of 'RTX 3090', 'RTX 4090', 'L4'")
        .hasMessageNotContaining("Did you mean");
  }

  @Test
  void a_bare_number_behind_a_name_is_its_gigabytes() {
    assertThat(catalog.find("a100-40").gpu().name()).isEqualTo("A100 40GB SXM4");
    assertThat(catalog.find("V100 32").gpu().name()).isEqualTo("V100 32GB (SXM2)");
    assertThat(catalog.find("4060 ti 16").gpu().name()).isEqualTo("RTX 4060 Ti 16GB");
    assertThat(catalog.find("M4 Max 128").gpu().name()).isEqualTo("Apple M4 Max 128GB");
  }

  @ParameterizedTest
  @CsvSource({"MI300X 192, MI300X", "MI325X 256, MI325X", "mi350x 288, MI350X"})
  void gigabytes_behind_a_name_that_ends_in_x_are_no_count(String text, String name) {
    assertThat(catalog.find(text).gpu().name()).isEqualTo(name);
    assertThat(catalog.find(text).count()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MI300X 8", "MI250X 4"})
  void a_number_behind_a_name_that_ends_in_x_is_not_cut_off_with_the_x(String text) {
    assertThatThrownBy(() -> catalog.find(text))
        .hasMessageContaining("unknown GPU '" + text + "'")
        .hasMessageContaining(text.substring(0, 5));
  }

  @Test
  void a_card_of_two_sizes_is_a_question_between_them() {
    assertThatThrownBy(() -> catalog.find("4060ti"))
        .hasMessage("'4060ti' may be any of 'RTX 4060 Ti 8GB', 'RTX 4060 Ti 16GB'; say which");
  }

  @Test
  void the_number_of_a_model_is_no_count_of_what_is_no_card() {
    assertThatThrownBy(() -> catalog.find("7900xtz"))
        .hasMessageContaining("unknown GPU '7900xtz'")
        .hasMessageContaining("Did you mean 'RX 7900");
    assertThatThrownBy(() -> catalog.find("8xh1000")).hasMessageContaining("unknown GPU 'h1000'");
  }

  @Test
  void several_gpus_are_compared_by_other_commands() {
    assertThatThrownBy(() -> catalog.find("4090,T4"))
        .hasMessage(
            "'4090,T4' names several GPUs, and a job runs on one kind; ask about each by itself,"
                + " or compare several by cost or plan");
  }

  @Test
  void the_x_of_a_name_is_no_count() {
    assertThatThrownBy(() -> catalog.find("6950 XTX")).hasMessageContaining("'6950 XTX'");
    assertThat(catalog.find("2xT4").count()).hasValue(2);
  }

  @Test
  void a_count_in_the_name_is_the_count_of_the_job() {
    JobDocument job = JobDocument.empty().withFlag(JobKey.GPU, "H100:8");
    GpuMatch eight = catalog.find("H100:8");

    assertThat(eight.counted(job).value(JobKey.GPU_COUNT, Integer.class)).contains(8);
    assertThat(catalog.find("H100").counted(job)).isEqualTo(job);
    JobDocument same = job.withFlag(JobKey.GPU_COUNT, "8");
    assertThat(eight.counted(same).value(JobKey.GPU_COUNT, Integer.class)).contains(8);
  }

  @ParameterizedTest
  @CsvSource({"H100:8, names 8 GPUs", "H100:1, names 1 GPU"})
  void a_count_that_contradicts_the_job_is_refused(String text, String hint) {
    JobDocument job =
        JobDocument.empty().withFlag(JobKey.GPU, text).withFlag(JobKey.GPU_COUNT, "4");

    assertThatThrownBy(() -> catalog.find(text).counted(job))
        .isInstanceOf(InputException.class)
        .hasMessage("--gpu: hardware.gpu " + hint + ", but hardware.count is 4");
  }

  @Test
  void refuses_a_range_where_one_device_is_meant() {
    assertThatThrownBy(() -> catalog.find("48GB..80GB:8"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("may be any of '")
        .hasMessageContaining("more; say which");
  }

  @ParameterizedTest
  @ValueSource(strings = {"24GB", "24 GB", "24 gb"})
  void a_size_alone_is_a_question_that_begins_with_the_cards_most_people_have(String size) {
    assertThatThrownBy(() -> catalog.find(size))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'" + size + "' may be any of 'RTX 3090', 'RTX 4090', ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"24XB", "24xb", "24B", "24"})
  void a_size_that_is_misspelt_is_no_count_of_a_card(String size) {
    assertThatThrownBy(() -> catalog.find(size))
        .isInstanceOf(InputException.class)
        .hasMessage("unknown GPU '" + size + "'. Did you mean '24GB'?");
  }

  @Test
  void whose_card_it_is_does_not_matter() {
    assertThat(catalog.find("my 4090").gpu().name()).isEqualTo("RTX 4090");
  }

  @Test
  void refuses_rtx_6000_which_two_makers_of_lists_use_for_different_cards() {
    assertThatThrownBy(() -> catalog.find("RTX6000"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'RTX 6000 Ada'")
        .hasMessageContaining("'Quadro RTX 6000 24GB'")
        .hasMessageContaining("'RTX PRO 6000 Blackwell Server'");
  }

  @Test
  void has_a_remark_on_every_device() {
    assertThat(catalog.all()).allSatisfy(gpu -> assertThat(catalog.remark(gpu)).isNotNull());
    assertThat(catalog.remark(catalog.find("RTX 4080").gpu()).standing()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"H100:0", "H100:99999999999", "0xH100", "H100:2000000", "H100 x 2000000", "H100:"})
  void refuses_a_count_that_is_out_of_range_or_left_out(String text) {
    assertThatThrownBy(() -> catalog.find(text))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "hardware.gpu is '%s', allowed: a name with a count from 1 to 1048576, such as H100:8",
            text.toLowerCase(Locale.ROOT));
  }

  @Test
  void says_what_it_assumed_when_several_devices_have_the_same_memory() {
    assertThat(catalog.find("H100").assumption().map(Notice::toString))
        .contains("'H100' is taken as 'H100 SXM5 80GB'; as much memory has 'H100 PCIe 80GB'");
  }

  @Test
  void refuses_a_name_of_devices_with_different_memory() {
    assertThatThrownBy(() -> catalog.find("A100:8"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'A100' may be any of 'A100 40GB SXM4'")
        .hasMessageContaining("'A100 80GB PCIe'");
    assertThatThrownBy(() -> catalog.find("V100")).isInstanceOf(InputException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "RTX 5080 Ti, RTX 5080",
    "H1000, H100",
    "RTX 4091, RTX 4090",
    "H100 SXM 40GB, H100 SXM5 80GB",
    "MI300, MI300X",
  })
  void names_the_nearest_devices_but_does_not_take_them(String text, String nearest) {
    assertThatThrownBy(() -> catalog.find(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unknown GPU '" + text + "'")
        .hasMessageContaining(nearest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "NVIDIA", "---", "quantum computer", "RTX 5050 laptop"})
  void refuses_what_is_no_known_device(String text) {
    assertThatThrownBy(() -> catalog.find(text))
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(((InputException) e).error().subject()).hasValue(JobKey.GPU))
        .hasMessageNotContaining("\n");
  }

  @Test
  void refuses_names_that_are_too_long_or_hold_control_characters() {
    assertThatThrownBy(() -> catalog.find("H100" + " ".repeat(60_000) + "x"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is longer than 200 characters");
    assertThatThrownBy(() -> catalog.find("H\u001B[31m100"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unknown GPU 'H?[31m100'");
  }

  @Test
  void a_name_before_a_size_is_led_to_the_nearest_with_that_size() {
    assertThatThrownBy(() -> GpuCatalog.embedded().find("v100s 32GB"))
        .hasMessageContaining("Did you mean 'V100 32GB'");
  }
}
