package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.input.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuReaderTest {

  private static final List<String> GPUS = Resources.lines("gpus/gpus.tsv");
  private static final List<String> GENERATIONS = Resources.lines("gpus/generations.tsv");
  private static final List<String> LINKS = Resources.lines("gpus/links.tsv");

  /** Each cell is put into the first row. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "class | datacentre | consumer, laptop, unified. Did you mean" + " 'datacenter'?",
        "class | '' | a text",
        "matmul | hoper | mi325x, cdna4, t4, l4, gaudi2, gaudi3, unknown. Did you mean 'hopper'?",
        "generation | sm_88 | tpu-v6, apple. Did you mean 'sm_80'?",
        "link | pcie4-x61 | ici-3d, apple. Did you mean 'pcie4-x16'?",
        "link | nvlink3-bridge | a link that reaches all devices of a machine",
        "bridge | nvlink3-brige | Did you mean 'nvlink3-bridge'?",
        "bridge | nvlink4 | a link of kind bridge, or nothing",
        "peer_access | yes | y or n",
        "memory_reported | '' | y or n",
        "memory_mib | 12 GiB | a whole number",
        "memory_mib | '' | a whole number",
        "total_gib | 12.1 | no more than memory_mib, which is 12288 MiB",
        "total_gib | -1 | a decimal number above 0, or nothing",
        "half_tflops | 0 | a decimal number above 0, or nothing",
        "half_tflops | 1e9 | a decimal number above 0, or nothing",
        "watts | 170 W | a whole number",
        "usual | y | a whole number",
        "most_in_machine | 1 to 4 | a whole number",
        "most_in_machine | '' | a whole number",
        "required | '' | a text",
        "source | '' | a text",
        "name | '' | a text",
      })
  void a_card_that_cannot_be_meant_is_refused_with_its_place(
      String column, String value, String expected) {
    assertThatThrownBy(() -> gpus(broken(GPUS, column, value)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(place("gpus.tsv", GPUS, column))
        .hasMessageContaining(": " + column + " is ")
        .hasMessageContaining(value.isEmpty() ? "missing" : "'" + value + "'")
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vendor | Nvidia | NVIDIA, AMD, Intel, Google, Apple. Did you mean 'NVIDIA'?",
        "target | sm_60 | a compute capability as 9.0, a target as gfx942, or n/a",
        "bf16 | 1 | y or n",
        "cublas_workspace_bytes | 8 MiB | a whole number",
        "context_lazy_mib | 0.5 | a whole number",
        "source | '' | a text",
      })
  void a_generation_that_cannot_be_meant_is_refused_with_its_place(
      String column, String value, String expected) {
    assertThatThrownBy(
            () -> GenerationReader.read("generations.tsv", broken(GENERATIONS, column, value)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(place("generations.tsv", GENERATIONS, column))
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind | nvswich | nvswitch, nvlink, xgmi, roce, pcie, bridge, ici. Did you mean",
        "gb_s | fast | a decimal number above 0, or nothing",
        "network_gb_s | '' | a decimal number above 0",
        "channels | '' | a whole number",
        "domain | rack | a whole number",
      })
  void a_link_that_cannot_be_meant_is_refused_with_its_place(
      String column, String value, String expected) {
    assertThatThrownBy(() -> LinkReader.read("links.tsv", broken(LINKS, column, value)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(place("links.tsv", LINKS, column))
        .hasMessageContaining(expected);
  }

  @Test
  void a_second_row_of_a_card_is_refused() {
    List<String> lines = new ArrayList<>(GPUS);
    lines.add(GPUS.get(1));

    assertThatThrownBy(() -> gpus(lines))
        .hasMessageStartingWith("gpus.tsv:" + lines.size() + ":1: name is 'RTX 3060 12GB'")
        .hasMessageEndingWith("allowed: a name that no row above has");
  }

  @Test
  void usual_cards_come_in_their_order_and_not_in_that_of_the_rows() {
    assertThat(GpuCatalog.embedded().usual())
        .hasSize(16)
        .extracting(Gpu::name)
        .startsWith("RTX 3060 12GB", "RTX 4060 Ti 16GB", "RTX 3090")
        .endsWith("B200 SXM 180GB", "MI300X");
  }

  @Test
  void a_row_that_was_cut_off_is_refused() {
    List<String> lines = List.of(GPUS.get(0), "RTX 9090\t9090");

    assertThatThrownBy(() -> gpus(lines))
        .hasMessage("gpus.tsv:2:1: 2 cells, expected 28 as in the header");
  }

  @Test
  void columns_are_those_that_the_reader_knows() {
    List<String> renamed = header("bandwidth_gb_s", "bandwith_gb_s");
    List<String> twice = header("bridge", "link");
    List<String> fewer = List.of(GPUS.get(0).replace("\tsource", ""));

    assertThatThrownBy(() -> gpus(renamed))
        .hasMessageStartingWith(
            "gpus.tsv:1:"
                + (GPUS.get(0).indexOf("bandwidth_gb_s") + 1)
                + ": unknown column 'bandwith_gb_s', allowed: name, ")
        .hasMessageEndingWith("Did you mean 'bandwidth_gb_s'?");
    assertThatThrownBy(() -> gpus(twice))
        .hasMessage(
            "gpus.tsv:1:" + (GPUS.get(0).indexOf("bridge") + 1) + ": column 'link' is there twice");
    assertThatThrownBy(() -> gpus(fewer)).hasMessage("gpus.tsv:1:1: has no column source");
    assertThatThrownBy(() -> gpus(List.of())).hasMessage("gpus.tsv: is empty");
  }

  @Test
  void a_card_that_computes_bf16_in_fp32_has_the_rate_of_fp32() {
    String t4 = GPUS.stream().filter(line -> line.startsWith("T4\t")).findFirst().orElseThrow();
    String without = t4.replace("\t65\t8.1\t", "\t65\t\t");

    assertThat(gpus(List.of(GPUS.get(0), t4)).get(0).gpu().throughput().singleTeraflops())
        .hasValue(8.1);
    assertThatThrownBy(() -> gpus(List.of(GPUS.get(0), without)))
        .hasMessageContaining(
            "single_tflops is missing, allowed: a number, as this generation computes bf16 in"
                + " fp32");
  }

  /** A card, a generation and its link that no code has heard of. */
  @Test
  void a_new_generation_is_rows() {
    List<String> generations = new ArrayList<>(GENERATIONS);
    generations.add(
        "sm_110\tRubin\tNVIDIA\t11.0\ty\ty\ty\ty\ty\ty\t33554432\t2.12\t33555456\t\t\ta test");
    List<String> links = new ArrayList<>(LINKS);
    links.add("nvlink6-nvl144\tnvswitch\t1800\t100\t32\t32\t24\t32\t32\t144\ta test");
    List<String> gpus = new ArrayList<>(GPUS);
    gpus.add(
        "R200\tr200\tsxm\t\tsm_110\t\tdatacenter\t288\t294912\tn\t\t\t13000\t4000\t\t8000\t50000"
            + "\tunknown\tnvlink6-nvl144\t\ty\tNVLink6\t1800\t72\t72\tmade up\t\ta test");

    Gpu gpu = gpus(gpus, generations, links).get(GPUS.size() - 1).gpu();

    assertThat(gpu.generation().capability()).contains(new Capability(11, 0));
    assertThat(gpu.interconnect().link().domain()).hasValue(144);
    assertThat(gpu.interconnect().link().networkGigabytesPerSecond()).isEqualTo(100);
    assertThat(gpu.throughput().nvfp4Teraflops()).hasValue(50_000);
    assertThat(gpu.abilities().prefersCudnn()).isTrue();
  }

  @Test
  void what_is_read_when_it_is_asked_for_is_what_is_read_at_once() {
    List<GpuRow> atOnce = gpus(GPUS);
    Map<String, Generation> generations =
        new NamedLines<>(GENERATIONS, rows -> GenerationReader.read("generations.tsv", rows));
    Map<String, Link> links = new NamedLines<>(LINKS, rows -> LinkReader.read("links.tsv", rows));
    List<GpuRow> later =
        new GpuReader(new GpuTables(generations, links, SpeedCoefficients.BEFORE))
            .readLater("gpus.tsv", GPUS);

    assertThat(later)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("reader", "described")
        .isEqualTo(atOnce);
    assertThat(later).extracting(GpuRow::gpu).isEqualTo(atOnce.stream().map(GpuRow::gpu).toList());
    assertThat(later)
        .extracting(GpuRow::remark)
        .isEqualTo(atOnce.stream().map(GpuRow::remark).toList());
    assertThat(generations).isEqualTo(GenerationReader.read("generations.tsv", GENERATIONS));
    assertThat(links).isEqualTo(LinkReader.read("links.tsv", LINKS));
  }

  private static List<String> header(String column, String other) {
    return List.of(GPUS.get(0).replace("\t" + column + "\t", "\t" + other + "\t"));
  }

  private static List<GpuRow> gpus(List<String> lines) {
    return gpus(lines, GENERATIONS, LINKS);
  }

  private static List<GpuRow> gpus(
      List<String> lines, List<String> generationLines, List<String> linkLines) {
    Map<String, Generation> generations = GenerationReader.read("generations.tsv", generationLines);
    Map<String, Link> links = LinkReader.read("links.tsv", linkLines);
    return new GpuReader(new GpuTables(generations, links, SpeedCoefficients.BEFORE))
        .read("gpus.tsv", lines);
  }

  /** The header and the first row, with another cell. */
  private static List<String> broken(List<String> table, String column, String value) {
    String[] cells = table.get(1).split("\t", -1);
    cells[index(table, column)] = value;
    return List.of(table.get(0), String.join("\t", cells));
  }

  private static String place(String file, List<String> table, String column) {
    List<String> cells = List.of(table.get(1).split("\t", -1));
    int before =
        cells.subList(0, index(table, column)).stream().mapToInt(c -> c.length() + 1).sum();
    return file + ":2:" + (before + 1) + ": ";
  }

  private static int index(List<String> table, String column) {
    return Arrays.asList(table.get(0).split("\t", -1)).indexOf(column);
  }
}
