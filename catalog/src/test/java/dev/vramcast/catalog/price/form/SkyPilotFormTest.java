package dev.vramcast.catalog.price.form;

import static dev.vramcast.catalog.price.PriceFixture.offers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceFixture;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ten things to know about a {@code vms.csv}, one by one. */
class SkyPilotFormTest {

  private static final String HEADER =
      "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,"
          + "Region,AvailabilityZone\n";

  @TempDir private Path folder;

  @Test
  void rule_1_columns_are_found_by_name_in_any_order_and_others_are_passed_over() {
    LoadedPrices prices =
        read(
            "paperspace",
            """
            InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GPUInfo,SpotPrice,Price,\
            Region,StorageGiB,UpstreamCloudId
            A4000x2,16,90,A4000,2.0,A4000,,1.52,East Coast (NY2),50,7
            """);

    assertThat(prices.form()).isEqualTo(PriceForm.SKYPILOT);
    assertThat(offers(prices)).containsExactly("A4000x2 East Coast (NY2) RTX A4000 x2 1.52/-");
    assertThat(prices.list().offers())
        .extracting(Offer::provider, Offer::asOf)
        .containsExactly(tuple("paperspace", PriceFixture.DAY));
  }

  @Test
  void rule_2_quoting_is_that_of_csv() {
    LoadedPrices prices =
        read(
            "aws",
            HEADER
                + "p4d.24xlarge,A100,8.0,96,1152,\"{'Gpus': [{'Name': 'A100', 'Manufacturer':"
                + " 'NVIDIA', 'Count': 8.0}], 'TotalGpuMemoryInMiB': 327680}\","
                + "21.95764,6.5323,us-east-1,us-east-1a\n"
                + "1H100.80S.32V,H100,1.0,32,185,\"{\"\"Gpus\"\": [{\"\"Name\"\": \"\"H100\"\","
                + " \"\"Count\"\": 1}]}\",2.29,0.8015,FIN-02,FIN-02\n"
                + "gpu_1x_gh200,GH200,1.0,64,432,,2.29,,us-east-3,us-east-3\n");

    assertThat(offers(prices))
        .containsExactly(
            "p4d.24xlarge us-east-1a A100 40GB SXM4 x8 21.95764/6.5323",
            "1H100.80S.32V FIN-02 H100 SXM5 80GB x1 2.29/0.8015",
            "gpu_1x_gh200 us-east-3 GH200 96GB x1 2.29/-");
  }

  @ParameterizedTest
  @CsvSource({"81920", "80", "0", "655360", "5242880"})
  void rule_3_memory_is_that_of_the_catalogue_whatever_the_file_says(long memory) {
    LoadedPrices prices =
        read(
            "nebius",
            HEADER
                + "gpu-h100,H100,8.0,128,1600,\"{'TotalGpuMemoryInMiB': "
                + memory
                + "}\",23.6,10.0,eu-north1,eu-north1\n");

    assertThat(prices.list().offers())
        .extracting(offer -> offer.gpu().memory().mebibytes())
        .containsExactly(81559L);
  }

  @Test
  void rule_4_gpus_of_gcp_are_summed_with_the_machine_of_their_zone() {
    LoadedPrices prices =
        read(
            "gcp",
            HEADER
                + "a2-highgpu-1g,,,12,85,,0.73939,0.29575,us-central1,us-central1-a\n"
                + "a2-highgpu-1g,,,12,85,,0.80000,,us-east1,us-east1-b\n"
                + "n2-standard-8,,,8,32,,0.38,0.09,us-central1,us-central1-a\n"
                + "a4-highgpu-8g,,,224,3968,,0.0,0.0,us-east4,us-east4-b\n"
                + ",A100,1.0,,,{'Gpus': [{'Name': 'A100', 'Count': 1.0}], 'Total': 40960},"
                + "2.934,1.63227,us-central1,us-central1-a\n"
                + ",A100,1.0,,,A100,2.934,1.5,us-east1,us-east1-b\n"
                + ",A100,2.0,,,A100,5.868,3.0,us-central1,us-central1-a\n"
                + ",T4,1.0,,,T4,0.35,0.2,us-central1,us-central1-a\n"
                + ",B200,8.0,,,B200,64.44,32.6064,us-east4,us-east4-b\n");

    assertThat(offers(prices))
        .containsExactly(
            "a2-highgpu-1g us-central1-a A100 40GB SXM4 x1 3.67339/1.92802",
            "a2-highgpu-1g us-east1-b A100 40GB SXM4 x1 3.734/-",
            "a4-highgpu-8g us-east4-b B200 SXM 180GB x8 64.44/32.6064");
    assertThat(prices.findings())
        .extracting(
            LocatedFinding::finding, found -> found.detail().text(Words.DOCUMENT, Optional.empty()))
        .containsExactly(
            tuple(
                Finding.NO_HOST, "A100 40GB SXM4 × 2: no price of a2-highgpu-2g in us-central1-a"),
            tuple(Finding.NO_HOST, "T4 × 1: no machine type is known to hold them"));
  }

  @Test
  void rule_5_missing_prices_are_unknown_however_they_are_spelt() {
    LoadedPrices blank =
        read("aws", HEADER + "p5e.48xlarge,H200,8.0,192,2048,,,14.0291,us-east-2,us-east-2b\n");
    LoadedPrices zero =
        read("vast", HEADER + "1x-H200-32-65536,H200,1.0,32,64,,2.35,0.00,France,France\n");
    LoadedPrices equal = read("runpod", HEADER + "1x_L4_SECURE,L4,1.0,4,24,,0.49,0.490,CA,CA-1\n");
    LoadedPrices placeholder =
        read(
            "gcp",
            HEADER
                + "TPU-VM,tpu-v6e-8,1.0,,,tpu,700.0,,us-east5,us-east5-a\n"
                + "TPU-VM,tpu-v6e-8,1.0,,,tpu,21.6,2.75929,us-east4,us-east4-a\n");

    assertThat(offers(blank))
        .containsExactly("p5e.48xlarge us-east-2b H200 SXM 141GB x8 -/14.0291");
    assertThat(offers(zero)).containsExactly("1x-H200-32-65536 France H200 SXM 141GB x1 2.35/-");
    assertThat(offers(equal)).containsExactly("1x_L4_SECURE CA-1 L4 x1 0.49/-");
    assertThat(equal.counts()).containsExactly(entry(Finding.SPOT_EQUAL, 1));
    assertThat(offers(placeholder)).containsExactly("TPU-VM us-east4-a TPU v6e x8 21.6/2.75929");
    assertThat(placeholder.counts()).containsKeys(Finding.PLACEHOLDER, Finding.NO_PRICE);
    assertThat(placeholder.dropped()).isEqualTo(1);
  }

  @Test
  void rule_6_spot_above_on_demand_and_regions_far_below_the_median_are_left_out() {
    LoadedPrices prices =
        read(
            "gcp",
            HEADER
                + host("us-central1")
                + host("us-east4")
                + host("us-west1")
                + host("europe-west4")
                + host("asia-southeast1")
                + gpus("4.20076", "5.3387", "us-central1")
                + gpus("9.79654", "4.0", "us-east4")
                + gpus("9.79654", "4.1", "us-west1")
                + gpus("10.2", "4.2", "europe-west4")
                + gpus("4.9", "3.0", "asia-southeast1"));

    assertThat(prices.list().offers())
        .extracting(Offer::region)
        .containsExactly("us-east4-a", "us-west1-a", "europe-west4-a");
    assertThat(prices.findings())
        .extracting(found -> found.detail().text(Words.DOCUMENT, Optional.empty()))
        .containsExactly(
            "H100 SXM5 80GB × 1: spot 5.3387, on-demand 4.20076",
            "H100 SXM5 80GB × 1 in asia-southeast1: 4.9, in other regions 9.79654");
    assertThat(prices.findings().get(0).place().text()).endsWith("vms.csv:7:2");
  }

  @Test
  void rule_6_prices_of_gcp_that_contradict_each_other_are_unknown() {
    LoadedPrices prices =
        read(
            "gcp",
            HEADER
                + ",B200,8.0,,,B200,64.44,32.6064,us-east4,us-east4-b\n"
                + ",B200,8.0,,,B200,90.216,,us-south1,us-south1-b\n"
                + ",B200,8.0,,,B200,154.656,60.0,us-west2,us-west2-c\n");

    assertThat(offers(prices))
        .containsExactly(
            "a4-highgpu-8g us-east4-b B200 SXM 180GB x8 -/32.6064",
            "a4-highgpu-8g us-west2-c B200 SXM 180GB x8 -/60");
    assertThat(prices.counts())
        .containsEntry(Finding.CONTRADICTION, 3)
        .containsEntry(Finding.NO_PRICE, 1);
  }

  @Test
  void rule_6_sellers_on_a_marketplace_may_differ() {
    LoadedPrices prices =
        read(
            "vast",
            HEADER
                + vast("RTX_3090", "0.25", "Romania")
                + vast("RTX_3090", "0.60", "US")
                + vast("RTX_3090", "0.62", "Canada"));

    assertThat(prices.list().offers()).hasSize(3);
  }

  @Test
  void rule_7_counts_are_decimals_of_which_one_is_known_to_be_wrong() {
    LoadedPrices prices =
        read(
            "azure",
            HEADER
                + "Standard_ND96isr_H100_v5,H100,12.0,96,1900,H100,98.32,98.32,eastus,\n"
                + "Standard_NV6ads_A10_v5,A10,0.167,6,55,A10,0.454,0.05,eastus,\n"
                + "Standard_NV36ads_A10_v5,A10,1,36,440,A10,3.2,0.8,eastus,\n"
                + "Standard_X,A10,,36,440,A10,3.2,0.8,eastus,\n"
                + "Standard_Y,A10,-1,36,440,A10,3.2,0.8,eastus,\n"
                + "Standard_Z,A10,1e9,36,440,A10,3.2,0.8,eastus,\n");

    assertThat(offers(prices))
        .containsExactly(
            "Standard_ND96isr_H100_v5 eastus H100 SXM5 80GB x8 98.32/-",
            "Standard_NV36ads_A10_v5 eastus A10 x1 3.2/0.8");
    assertThat(prices.counts())
        .containsEntry(Finding.COUNT_CORRECTED, 1)
        .containsEntry(Finding.COUNT, 4);
  }

  @ParameterizedTest
  @CsvSource({
    "RTX_4060_Ti, RTX4060, ",
    "RTX_4070S_Ti, RTX4070, RTX 4070 Ti SUPER",
    "RTX_PRO_6000_WS, RTXPRO6000, RTX PRO 6000 Blackwell Workstation",
    "RTX_6000Ada, RTX6000-Ada, RTX 6000 Ada",
    "Q_RTX_6000, RTX6000, Quadro RTX 6000 24GB",
    "A100_PCIE, A100, ",
    "A100_SXM4, A100, ",
    "H100_NVL, H100, H100 NVL 94GB",
    "H100_SXM, H100, H100 SXM5 80GB",
    "H100_PCIE, H100, H100 PCIe 80GB",
    "Tesla_V100, V100, ",
  })
  void rule_8_cards_of_vast_are_read_from_the_instance(String type, String name, String gpu) {
    LoadedPrices prices =
        read("vast", HEADER + "4x-" + type + "-32-65536," + name + ",1.0,32,64,,1.60,0.00,US,US\n");

    if (gpu == null) {
      assertThat(prices.counts()).containsOnlyKeys(Finding.UNKNOWN_GPU);
    } else {
      assertThat(offers(prices))
          .containsExactly("4x-" + type + "-32-65536 US " + gpu + " x4 1.6/-");
    }
  }

  @Test
  void rule_8_an_instance_of_vast_of_another_form_is_left_out() {
    LoadedPrices prices = read("vast", HEADER + "H100,H100,1.0,32,64,,1.60,0.00,US,US\n");

    assertThat(prices.counts()).containsOnlyKeys(Finding.UNREADABLE);
  }

  @Test
  void rule_9_a_machine_under_every_region_is_one_offer_and_no_sign_of_availability() {
    String rows =
        "gpu_8x_h100_sxm5,H100,8.0,208,1800,,31.92,,us-east-1,us-east-1\n"
            + "gpu_8x_h100_sxm5,H100,8.0,208,1800,,31.92,,us-west-1,us-west-1\n"
            + "gpu_1x_h100_pcie,H100,1.0,26,200,,3.29,,us-west-1,us-west-1\n";

    assertThat(offers(read("lambda", HEADER + rows)))
        .containsExactly(
            "gpu_8x_h100_sxm5 all regions H100 SXM5 80GB x8 31.92/-",
            "gpu_1x_h100_pcie us-west-1 H100 PCIe 80GB x1 3.29/-");
    assertThat(read("lambda", HEADER + rows).counts()).containsEntry(Finding.REPEATED, 1);
    assertThat(read("aws", HEADER + rows).list().offers()).hasSize(3);
  }

  @Test
  void rule_10_a_price_is_that_of_the_machine_alone() {
    LoadedPrices prices =
        read("do", HEADER + "gpu-h100x8-640gb,H100,8.0,160,1920,,47.60,,tor1,tor1\n");

    assertThat(prices.list().offers().get(0).pricePerGpu(Purchase.ON_DEMAND))
        .contains(UsdPerHour.of("5.95"));
  }

  @ParameterizedTest
  @CsvSource({
    "lambda, gpu_1x_rtx6000, RTX6000, Quadro RTX 6000 24GB",
    "nebius, gpu-rtx6000, RTX6000, RTX PRO 6000 Blackwell Server",
    "runpod, 1x_H100_SECURE, H100, H100 PCIe 80GB",
    "runpod, 1x_H100-SXM_SECURE, H100-SXM, H100 SXM5 80GB",
    "runpod, 1x_A100-80GB_SECURE, A100-80GB, A100 80GB PCIe",
    "azure, Standard_NC40ads_H100_v5, H100, H100 NVL 94GB",
    "azure, Standard_ND96amsr_A100_v4, A100-80GB, A100 80GB SXM4",
    "lambda, gpu_1x_a6000, A6000, RTX A6000",
    "runpod, 1x_RTXA6000_SECURE, RTXA6000, RTX A6000",
    "verda, 1RTX6000ADA.10V, RTX6000Ada, RTX 6000 Ada",
    "oci, BM.GPU2.1, P100, P100 16GB",
    "aws, p3.2xlarge, V100, V100 16GB (SXM2)",
    "gcp, TPU-VM, tpu-v5p-8, TPU v5p",
  })
  void names_are_those_of_the_provider(String provider, String type, String name, String gpu) {
    LoadedPrices prices =
        read(provider, HEADER + type + "," + name + ",1.0,8,64,,1.60,,eastus,eastus\n");

    assertThat(prices.list().offers()).extracting(offer -> offer.gpu().name()).containsExactly(gpu);
  }

  @Test
  void the_number_of_a_tpu_slice_counts_chips_or_cores() {
    assertThat(offers(read("gcp", HEADER + "TPU-VM,tpu-v5p-8,1.0,,,tpu,16.8,8.4,us-east1,\n")))
        .containsExactly("TPU-VM us-east1 TPU v5p x4 16.8/8.4");
    assertThat(offers(read("gcp", HEADER + "TPU-VM,tpu-v5litepod-8,1.0,,,tpu,9.6,,us-west4,\n")))
        .containsExactly("TPU-VM us-west4 TPU v5e x8 9.6/-");
  }

  @ParameterizedTest
  @CsvSource({
    "NaN",
    "nan",
    "-1.5",
    "1e400",
    "inf",
    "0.0000001",
    "100001",
    "99999999999",
    "1.5 USD"
  })
  void a_price_that_is_no_price_is_left_out_with_its_place(String price) {
    LoadedPrices prices =
        read(
            "aws",
            HEADER
                + "p5.48xlarge,H100,8.0,192,2048,,"
                + price
                + ",9.37,us-east-1,us-east-1a\n"
                + "p5.48xlarge,H100,8.0,192,2048,,55.04,9.37,us-west-2,us-west-2a\n");

    assertThat(prices.list().offers()).hasSize(1);
    assertThat(prices.dropped()).isEqualTo(1);
    assertThat(prices.findings().get(0).finding()).isEqualTo(Finding.NO_NUMBER);
    assertThat(prices.findings().get(0).place().text()).endsWith("vms.csv:2:32");
  }

  @Test
  void a_cell_that_is_wrong_is_called_as_the_file_calls_its_column() {
    LoadedPrices prices =
        read("aws", HEADER + "p5.48xlarge,H100,abc,192,2048,,55.04,9.37,us-west-2,us-west-2a\n");
    LocatedFinding found = prices.findings().get(0);

    assertThat(found.detail().mentions(new Subject.Item("AcceleratorCount"))).isTrue();
    assertThat(found.notice().line(Words.DOCUMENT))
        .endsWith("vms.csv:2:18: a count that no machine has: AcceleratorCount is 'abc'");
  }

  @Test
  void fractions_that_binary_numbers_left_are_rounded() {
    LoadedPrices prices =
        read("aws", HEADER + "g6e.4xlarge,L40S,1.0,16,128,,3.0042400000000003,,us-west-2,\n");

    assertThat(offers(prices)).containsExactly("g6e.4xlarge us-west-2 L40S x1 3.00424/-");
  }

  @Test
  void machines_without_gpus_are_passed_over_and_unknown_gpus_are_counted() {
    LoadedPrices prices =
        read(
            "aws",
            HEADER
                + "m5.large,,,2,8,,0.096,0.03,us-east-1,us-east-1a\n"
                + "p2.xlarge,K80,1.0,4,61,,0.9,0.3,us-east-1,us-east-1a\n"
                + "g4dn.xlarge,T4,1.0,4,16,,0.526,0.16,us-east-1,us-east-1a\n");

    assertThat(prices.rows()).isEqualTo(2);
    assertThat(prices.list().offers()).hasSize(1);
    assertThat(prices.findings())
        .singleElement()
        .extracting(
            LocatedFinding::finding, found -> found.detail().text(Words.DOCUMENT, Optional.empty()))
        .containsExactly(Finding.UNKNOWN_GPU, "unknown GPU 'K80'. Did you mean 'P40'?");
  }

  private LoadedPrices read(String provider, String csv) {
    return PriceFixture.skypilot(folder, provider, csv);
  }

  private static String host(String region) {
    return "a3-highgpu-1g,,,26,234,,1.18252,0.27," + region + "," + region + "-a\n";
  }

  private static String gpus(String price, String spot, String region) {
    return ",H100,1.0,,,H100,%s,%s,%s,%s-a\n".formatted(price, spot, region, region);
  }

  private static String vast(String type, String price, String region) {
    return "1x-%s-32-65536,RTX3090,1.0,32,64,,%s,0.00,%s,%s\n"
        .formatted(type, price, region, region);
  }
}
