package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which cards a filter means, as tools of the cloud and people write it. */
class GpuFilterTest {

  private final GpuCatalog catalog = GpuCatalog.embedded();

  @ParameterizedTest
  @CsvSource({
    "24GB.., RTX 3090",
    "16GB..48GB, T4",
    "80GB, A100 80GB SXM4",
    "40GB+, A100 40GB SXM4",
    "nvidia:80GB+, H100 SXM5 80GB",
    "AMD:64GB..:8, MI210",
    "A10G, A10G",
    "'A10G,A100:1..4', A100 40GB PCIe",
    "a100:80gb, A100 80GB PCIe",
    "blackwell, RTX 5090",
    "rtx, RTX A6000",
    "4090, RTX 4090",
    "H100, H100 NVL 94GB",
    "google, TPU v5p",
    "tpu, TPU v6e",
    "mac, Apple M1 16GB",
    "macbook pro, Apple M3 Max 36GB",
    "macbook m3 max, Apple M3 Max 64GB",
    "colab, T4",
    "google colab pro, A100 80GB SXM4",
    "kaggle, P100 16GB",
  })
  void a_filter_lets_through_what_it_describes(String filter, String name) {
    assertThat(catalog.select(GpuFilter.parse(filter))).extracting(Gpu::name).contains(name);
  }

  @ParameterizedTest
  @CsvSource({
    "24GB.., T4",
    "16GB..48GB, A100 80GB SXM4",
    "80GB, A100 40GB SXM4",
    "40GB+, RTX 4090",
    "nvidia:80GB+, MI300X",
    "A10G, A10",
    "L40, L40S",
    "RTX 4070, RTX 4070 Ti",
    "RTX 4070 Ti, RTX 4070 Ti SUPER",
    "RTX 4090, RTX 4090 Laptop",
    "H100, GH200 96GB",
    "a100:80gb, A100 40GB PCIe",
    "mac, RTX 4090",
    "colab, H100 SXM5 80GB",
  })
  void a_filter_keeps_out_what_it_does_not_describe(String filter, String name) {
    assertThat(catalog.select(GpuFilter.parse(filter))).extracting(Gpu::name).doesNotContain(name);
  }

  @Test
  void names_may_stand_beside_each_other_without_commas() {
    assertThat(catalog.select(GpuFilter.parse("4090 rtx 5090 h100 nvl")))
        .extracting(Gpu::name)
        .containsExactlyInAnyOrder("RTX 4090", "RTX 5090", "H100 NVL 94GB");
    assertThat(catalog.select(GpuFilter.parse("4090 5090:24GB")))
        .extracting(Gpu::name)
        .containsExactly("RTX 4090");
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse("rtx 4091 super")))
        .hasMessageContaining("rtx 4091 super");
  }

  @ParameterizedTest
  @CsvSource({
    "4070, 'RTX 4070,RTX 4070 SUPER,RTX 4070 Ti,RTX 4070 Ti SUPER,RTX 4070 Laptop'",
    "4070 ti, 'RTX 4070 Ti,RTX 4070 Ti SUPER'",
    "rtx 3080 laptop, 'RTX 3080 Laptop 16GB,RTX 3080 Laptop 8GB,RTX 3080 Ti Laptop'",
    "4070:16GB, RTX 4070 Ti SUPER",
  })
  void who_looks_for_a_number_sees_what_goes_by_it_behind_what_is_called_so(
      String filter, String names) {
    assertThat(catalog.akin(GpuFilter.parse(filter)))
        .extracting(Gpu::name)
        .containsExactly(names.split(","));
  }

  @ParameterizedTest
  @CsvSource({"h100:0, 0", "24GB..:0, 0", "h100:..0, ..0", "h100:2000, 2000"})
  void a_count_is_of_one_card_at_least(String filter, String count) {
    assertThatThrownBy(() -> GpuFilter.parse(filter))
        .hasMessage("'" + filter + "' has " + count + " for a count, allowed: 1 to 1024");
  }

  @Test
  void a_series_is_all_cards_of_it() {
    assertThat(catalog.akin(GpuFilter.parse("rtx 40 series")))
        .extracting(Gpu::name)
        .contains("RTX 4060", "RTX 4090", "RTX 4070 Laptop")
        .allMatch(name -> name.startsWith("RTX 40"));
    assertThat(catalog.akin(GpuFilter.parse("50 series laptop")))
        .extracting(Gpu::name)
        .contains("RTX 5090 Laptop")
        .allMatch(name -> name.endsWith("Laptop"));
    assertThatThrownBy(() -> catalog.akin(GpuFilter.parse("rtx 49")))
        .hasMessageContaining("matches no GPU");
    assertThatThrownBy(() -> catalog.akin(GpuFilter.parse("4070,h200x")))
        .hasMessage("'h200x' matches no GPU. Did you mean 'H200'?");
  }

  @ParameterizedTest
  @CsvSource({
    "gtx 16 series, GTX 16, GTX 1660 Ti",
    "gtx 10, GTX 10, GTX 1080 Ti",
    "40xx, RTX 40, RTX 4070 Laptop",
    "RTX 30XX, RTX 30, RTX 3060 Ti",
    "rtx 4000 series, RTX 40, RTX 4090",
    "rx 7000 series, RX 7, RX 7900 XTX",
  })
  void a_series_is_what_its_numbers_begin_with(String filter, String front, String one) {
    assertThat(catalog.akin(GpuFilter.parse(filter)))
        .extracting(Gpu::name)
        .contains(one)
        .allMatch(name -> name.startsWith(front));
  }

  @Test
  void a_number_without_such_a_word_is_that_of_a_card() {
    assertThat(catalog.akin(GpuFilter.parse("rtx 4000")))
        .extracting(Gpu::name)
        .containsExactly("RTX 4000 Ada", "RTX PRO 4000 Blackwell");
    assertThatThrownBy(() -> catalog.akin(GpuFilter.parse("rtx 16")))
        .hasMessageContaining("'rtx 16' matches no GPU");
  }

  @Test
  void a_size_is_the_one_on_the_box() {
    assertThat(catalog.select(GpuFilter.parse("24GB")))
        .extracting(Gpu::name)
        .contains("A10", "RTX 4090", "RTX 3090");
  }

  @Test
  void a_filter_knows_how_many_are_meant() {
    assertThat(GpuFilter.parse("H100:2..8").matchesCount(1)).isFalse();
    assertThat(GpuFilter.parse("H100:2..8").matchesCount(8)).isTrue();
    assertThat(GpuFilter.parse("H100:4").matchesCount(8)).isFalse();
    assertThat(GpuFilter.parse("H100").matchesCount(64)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "2x4090, RTX 4090, 2",
    "8xA100, A100 80GB SXM4, 8",
    "2x 4090, RTX 4090, 2",
    "h100 x8, H100 SXM5 80GB, 8",
    "'8xh100,8xh200', H200 SXM 141GB, 8",
  })
  void a_filter_reads_a_count_at_a_name_as_people_write_it(String text, String name, int count) {
    GpuFilter filter = GpuFilter.parse(text);
    assertThat(catalog.select(filter)).extracting(Gpu::name).contains(name);
    assertThat(filter.matchesCount(count)).isTrue();
    assertThat(filter.matchesCount(count + 1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "H100:",
        "H100:A100",
        "24GB:48GB..",
        "8:4",
        "nvidia:amd",
        "H100,,A100",
        "2xH100:8",
        "2xH100,4xA100"
      })
  void refuses_a_filter_that_says_nothing_or_something_twice(String text) {
    assertThatThrownBy(() -> GpuFilter.parse(text))
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(((InputException) e).error().subject()).hasValue(JobKey.GPU));
  }

  @Test
  void names_the_nearest_device_when_a_filter_matches_none() {
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse("not mac")))
        .hasMessageContaining("'not mac' matches no GPU");
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse("RTX 4099")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("matches no GPU. Did you mean 'RTX 4090'?");
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse("l4,h100x:8")))
        .hasMessageContaining("matches no GPU. Did you mean 'H100'?");
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse("600GB..")))
        .hasMessageEndingWith("matches no GPU");
  }

  @ParameterizedTest
  @CsvSource({
    "24XB, 24XB, 24GB",
    "24XBC, 24XBC, 24GB",
    "24B, 24B, 24GB",
    "24XB:8, 24XB, 24GB",
    "'h100,80XB', 80XB, 80GB",
  })
  void a_misspelt_size_is_shown_whole_and_asked_for_as_a_size(
      String filter, String shown, String meant) {
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse(filter)))
        .hasMessage("'%s' matches no GPU. Did you mean '%s'?".formatted(shown, meant));
  }

  @ParameterizedTest
  @CsvSource({"b, b", "x, x", "'l4,z', z", "8xz, z", "23XB, 23XB"})
  void nothing_is_proposed_for_what_resembles_no_device(String filter, String shown) {
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse(filter)))
        .hasMessage("'%s' matches no GPU; gpus lists them".formatted(shown));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "ce", "ro"})
  void few_letters_within_words_name_nothing(String text) {
    assertThatThrownBy(() -> GpuCatalog.embedded().select(GpuFilter.parse(text)))
        .hasMessageContaining("'" + text + "' matches no GPU");
  }
}
