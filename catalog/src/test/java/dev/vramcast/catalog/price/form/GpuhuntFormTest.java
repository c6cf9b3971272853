package dev.vramcast.catalog.price.form;

import static dev.vramcast.catalog.price.PriceFixture.offers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceFixture;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuhuntFormTest {

  private static final String HEADER =
      "instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,"
          + "gpu_vendor,flags,cpu_arch,provider_data\n";

  @TempDir private Path folder;

  @Test
  void spot_is_a_row_of_its_own_that_joins_the_other() {
    LoadedPrices prices =
        read(
            "azure",
            row("Standard_NC24ads_A100_v4", "westus3", "3.673", 1, "A100", "80.0", "False")
                + row("Standard_NC24ads_A100_v4", "westus3", "0.40403", 1, "A100", "80.0", "True")
                + row("Standard_NC24ads_A100_v4", "eastus", "3.673", 1, "A100", "80.0", "False")
                + row("Standard_ND96asr_v4", "eastus", "2.99167", 8, "A100", "40", "true"));

    assertThat(prices.form()).isEqualTo(PriceForm.GPUHUNT);
    assertThat(prices.list().offers()).extracting(Offer::provider).containsOnly("azure");
    assertThat(offers(prices))
        .containsExactly(
            "Standard_NC24ads_A100_v4 westus3 A100 80GB PCIe x1 3.673/0.40403",
            "Standard_NC24ads_A100_v4 eastus A100 80GB PCIe x1 3.673/-",
            "Standard_ND96asr_v4 eastus A100 40GB SXM4 x8 -/2.99167");
  }

  @ParameterizedTest
  @CsvSource({
    "runpod, NVIDIA H100 PCIe, H100, 80, H100 PCIe 80GB",
    "runpod, NVIDIA A100-SXM4-80GB, A100, 80, A100 80GB SXM4",
    "runpod, NVIDIA A100 80GB PCIe, A100, 80, A100 80GB PCIe",
    "gcp, a3-highgpu-8g, H100, 80.0, H100 SXM5 80GB",
    "azure, Standard_NC40ads_H100_v5, H100NVL, 94, H100 NVL 94GB",
    "aws, p3.2xlarge, V100, 16, V100 16GB (SXM2)",
    "aws, p3dn.24xlarge, V100, 32, V100 32GB (SXM2)",
    "lambdalabs, gpu_1x_rtx6000, RTX6000, 24, Quadro RTX 6000 24GB",
    "nebius, x, RTXPRO6000, 96, RTX PRO 6000 Blackwell Workstation",
    "runpod, x, RTX6000Ada, 48, RTX 6000 Ada",
    "runpod, x, RTX4070TiSUPER, 16, RTX 4070 Ti SUPER",
    "hotaisle, x, MI300X, 192, MI300X",
    "vultr, x, MI325X, 288, MI325X",
    "aws, g5.xlarge, A10G, 24, A10G",
    "gcp, v5litepod-4, v5litepod, 0, TPU v5e",
  })
  void a_name_and_its_memory_tell_the_card(
      String provider, String instance, String name, String memory, String gpu) {
    LoadedPrices prices = read(provider, row(instance, "x", "2", 1, name, memory, "False"));

    assertThat(prices.list().offers()).extracting(offer -> offer.gpu().name()).containsExactly(gpu);
  }

  @Test
  void rows_without_a_gpu_are_passed_over_and_odd_ones_are_counted() {
    LoadedPrices prices =
        read(
            "aws",
            "m5.large,us-east-1,0.096,2,8.0,0,,,False,,,,x86,{}\n"
                + row("p5.48xlarge", "us-east-1", "0", 8, "H100", "80", "False")
                + row("p5.48xlarge", "us-west-1", "-3", 8, "H100", "80", "False")
                + row("p5.48xlarge", "us-west-2", "9", 8, "H100", "80", "maybe")
                + row("p5.48xlarge", "us-east-2", "9.4", 0, "H100", "80", "False")
                + row("g9.large", "us-east-2", "9.4", 1, "X100", "80", "False")
                + row("g5.xlarge", "us-east-2", "1.006", 1, "A10G", "24", "False")
                + row("g5.xlarge", "us-east-2", "1.5", 1, "A10G", "24", "True"));

    assertThat(prices.rows()).isEqualTo(7);
    assertThat(prices.list().offers()).isEmpty();
    assertThat(prices.counts())
        .containsOnlyKeys(
            Finding.NO_PRICE,
            Finding.NO_NUMBER,
            Finding.UNREADABLE,
            Finding.COUNT,
            Finding.UNKNOWN_GPU,
            Finding.SPOT_ABOVE);
  }

  @Test
  void of_rows_for_the_same_machine_the_cheapest_counts() {
    LoadedPrices prices =
        read(
            "vastai",
            row("", "SE", "0.45", 1, "RTX4090", "24", "False")
                + row("", "SE", "0.40", 1, "RTX4090", "24", "False")
                + row("", "SE", "0.42", 1, "RTX4090", "24", "False"));

    assertThat(offers(prices)).containsExactly(" SE RTX 4090 x1 0.4/-");
    assertThat(prices.counts()).containsEntry(Finding.REPEATED, 2);
  }

  @Test
  void memory_and_disk_are_those_of_the_machine() {
    LoadedPrices prices = read("runpod", row("", "SE", "0.40", 1, "RTX4090", "24", "False"));

    assertThat(prices.list().offers().get(0).host())
        .isEqualTo(new HostSize(OptionalLong.of(220L << 30), OptionalLong.of(64L << 30)));
  }

  private LoadedPrices read(String provider, String rows) {
    return PriceFixture.read(folder.resolve(provider + ".csv"), HEADER + rows);
  }

  private static String row(
      String instance,
      String location,
      String price,
      int count,
      String name,
      String memory,
      String spot) {
    String data = "\"{\"\"zones\"\": [\"\"1\"\", \"\"2\"\"]}\"";
    return String.join(
            ",",
            List.of(instance, location, price, "24,220.0", String.valueOf(count), name, memory))
        + ","
        + spot
        + ",64,nvidia,,x86,"
        + data
        + "\n";
  }
}
