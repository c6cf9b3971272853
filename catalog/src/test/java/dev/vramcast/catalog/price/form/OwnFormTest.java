package dev.vramcast.catalog.price.form;

import static dev.vramcast.catalog.price.PriceFixture.offers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceCsv;
import dev.vramcast.catalog.price.PriceFixture;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.PriceDate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnFormTest {

  @TempDir private Path folder;

  @Test
  void csv_and_yaml_say_the_same() {
    LoadedPrices csv =
        csv(
            """
            provider,instance,gpu,count,on_demand_usd_per_hour,spot_usd_per_hour,region,as_of,source
            Lambda,gpu_8x_h100,H100 SXM,8,31.92,,us-east-1,2026-11-02,invoice
            ,,A100-80GB:4,,5.20,2.6,,,
            """);
    LoadedPrices yaml =
        PriceFixture.read(
            folder.resolve("mine.yaml"),
            """
            prices:
              - provider: Lambda
                instance: gpu_8x_h100
                gpu: H100 SXM
                count: 8
                on_demand_usd_per_hour: 31.92
                region: us-east-1
                as_of: 2026-11-02
                source: invoice
              - {gpu: 'A100-80GB:4', on_demand_usd_per_hour: 5.20, spot_usd_per_hour: 2.6}
            """);

    assertThat(offers(csv))
        .containsExactly(
            "gpu_8x_h100 us-east-1 H100 SXM5 80GB x8 31.92/-", "  A100 80GB SXM4 x4 5.2/2.6")
        .isEqualTo(offers(yaml));
    assertThat(csv.list().offers()).extracting(Offer::provider).containsExactly("lambda", "own");
    assertThat(yaml.list().offers())
        .extracting(Offer::asOf)
        .containsExactly(PriceDate.parse("2026-11-02").orElseThrow(), PriceFixture.DAY);
    assertThat(yaml.list().offers().get(0).source()).isEqualTo("invoice");
    assertThat(yaml.list().offers().get(1).source()).endsWith("mine.yaml");
  }

  @Test
  void a_machine_may_say_what_it_has_beside_its_gpus() {
    LoadedPrices said =
        csv("gpu,on_demand_usd_per_hour,host_memory_gib,disk_gib\nL4,0.5,31.5,\nL4:4,2,,1000\n");

    assertThat(said.list().offers())
        .extracting(Offer::host)
        .containsExactly(
            new HostSize(OptionalLong.of(63L << 29), OptionalLong.empty()),
            new HostSize(OptionalLong.empty(), OptionalLong.of(1000L << 30)));
    assertThatThrownBy(() -> csv("gpu,on_demand_usd_per_hour,disk_gib\nL4,0.5,much\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("disk_gib");
  }

  @Test
  void what_comes_with_a_machine_is_read_and_written_again() {
    LoadedPrices prices =
        csv(
            """
            gpu,on_demand_usd_per_hour,least_billed_minutes,start_up_minutes,\
            storage_usd_per_gb_month,egress_usd_per_gb,hosting,reliability
            L4,0.5,60,2.5,0.15,0.02,peer,0.993
            L4,0.6,,,,,,
            """);
    OfferTerms terms = prices.list().offers().get(0).terms();

    assertThat(terms.leastBilled()).hasValue(Duration.ofHours(1));
    assertThat(terms.startUp()).hasValue(Duration.ofSeconds(150));
    assertThat(terms.storageUsdPerGbMonth()).hasValue(0.15);
    assertThat(terms.egressUsdPerGb()).hasValue(0.02);
    assertThat(terms.peerToPeer()).isTrue();
    assertThat(terms.reliability()).hasValue(0.993);
    assertThat(prices.list().offers().get(1).terms()).isEqualTo(OfferTerms.UNKNOWN);
    assertThat(csv(PriceCsv.of(prices.list().offers())).list().offers())
        .extracting(Offer::terms)
        .containsExactly(terms, OfferTerms.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "hosting, home, peer or data-centre",
    "reliability, 1.2, a number from 0 to 1",
    "reliability, NaN, a number from 0 to 1",
    "egress_usd_per_gb, -1, a number from 0",
    "least_billed_minutes, 1e9, a number from 0 to 100000",
    "start_up_minutes, soon, a number from 0 to 100000"
  })
  void what_cannot_come_with_a_machine_is_refused(String column, String value, String allowed) {
    assertThatThrownBy(() -> csv("gpu,on_demand_usd_per_hour," + column + "\nL4,1," + value + "\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(column + " is '" + value + "', allowed: " + allowed);
  }

  @Test
  void a_file_without_dates_has_its_own() {
    csv("gpu,on_demand_usd_per_hour\nL4,0.5\n");

    LoadedPrices prices = PriceLists.open(folder.resolve("mine.csv").toString(), Optional.empty());

    assertThat(prices.dateAssumed()).isTrue();
    assertThat(prices.list().offers().get(0).asOf().earliest()).isPresent();
    assertThat(csv("gpu,spot_usd_per_hour,as_of\nL4,0.5,2026-01-01\n").dateAssumed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "H100,8,NaN,,| :2:8: on_demand_usd_per_hour is 'NaN', allowed: dollars an hour from 0.001",
        "H100,8,-1,,| :2:8: on_demand_usd_per_hour is '-1'",
        "H100,8,0,,| :2:8: on_demand_usd_per_hour is '0'",
        "H100,8,1e9,,| :2:8: on_demand_usd_per_hour is '1e9'",
        "H100,8,99999999999999999999,,| :2:8: on_demand_usd_per_hour is '9999999999",
        "H100,8,Infinity,,| :2:8: on_demand_usd_per_hour is 'Infinity'",
        "H100,8,'$3',,| :2:8: on_demand_usd_per_hour is",
        "H100,8,3;5,,| :2:8: on_demand_usd_per_hour is '3;5'",
        "H100,8,,,| :2:8: on_demand_usd_per_hour is missing, allowed: a price here or in spot",
        "H100,8,2,x,| :2:10: spot_usd_per_hour is 'x'",
        "H100,8,2,2,| :2:10: spot_usd_per_hour is '2', allowed: less than the on-demand price, 2",
        "H100,0,2,,| :2:6: count is '0', allowed: a whole number from 1 to 1024",
        "H100,1025,2,,| :2:6: count is '1025'",
        "H100,1.5,2,,| :2:6: count is '1.5'",
        "H100:8,4,2,,| :2:8: count is '4', allowed: 8, as the GPU's name says",
        "H100:2000,,2,,| :2:1: gpu is 'H100:2000', allowed: at most 1024 GPUs",
        ",8,2,,| :2:1: gpu is missing, allowed: the name of a GPU",
        "A100,8,2,,| :2:1: 'A100' may be any of 'A100 40GB SXM4'",
        "H1000,8,2,,| :2:1: unknown GPU 'H1000'. Did you mean 'H100'?",
        "24GB..,8,2,,| :2:1: '24GB..' may be any of",
        "H100,8,2,,yesterday| :2:11: as_of is 'yesterday', allowed: a day as 2026-07-01",
        "H100,8,2,,2026-02-30| :2:11: as_of is '2026-02-30'",
      })
  void what_cannot_be_used_is_refused_with_its_place(String row, String message) {
    assertThatThrownBy(
            () -> csv("gpu,count,on_demand_usd_per_hour,spot_usd_per_hour,as_of\n" + row + "\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("mine.csv" + message.strip())
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpu,on_demand_usd_per_huor,spot_usd_per_hour | Did you mean 'on_demand_usd_per_hour'?",
        "gpu,price | are those of no known form, known: vramcast, SkyPilot catalogue, gpuhunt",
        "gpu;on_demand_usd_per_hour | cells must be divided by commas",
        "gpu,on_demand_usd_per_hour | has no row with a GPU and a price",
      })
  void other_columns_are_refused(String header, String message) {
    assertThatThrownBy(() -> csv(header + "\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void yaml_has_places_too() {
    String text = "prices:\n  - gpu: H100\n    on_demand_usd_per_hour: .nan\n";

    assertThatThrownBy(() -> PriceFixture.read(folder.resolve("mine.yml"), text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("mine.yml:3:29: on_demand_usd_per_hour is '.nan'");
  }

  private LoadedPrices csv(String content) {
    return PriceFixture.read(folder.resolve("mine.csv"), content);
  }
}
