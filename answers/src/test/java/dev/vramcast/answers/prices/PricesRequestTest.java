package dev.vramcast.answers.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesRequestTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);

  private static final String OWN =
      "provider,gpu,count,on_demand_usd_per_hour,spot_usd_per_hour,region,as_of\n"
          + "lambda,H100 SXM,8,24,,us-east-1,2026-11-02\n"
          + "lambda,RTX 4090,1,0.5,,us-west-1,2026-11-02\n"
          + "runpod,RTX 4090,2,,0.6,eu-1,2026-11-02\n"
          + "vast,RTX 4070 Ti,1,0.45,,eu-1,2026-11-02\n"
          + "runpod,L4,1,0.4,0.2,eu-2,2025-01-02\n";

  @TempDir private Path folder;
  private Path own;

  @BeforeEach
  void prices() throws IOException {
    own = Files.writeString(folder.resolve("own.csv"), OWN);
  }

  @Test
  void offers_rise_by_the_price_of_one_gpu_and_spot_alone_comes_last() {
    assertThat(of(Purchase.ON_DEMAND, Optional.empty(), List.of(), List.of()))
        .containsExactly(
            "L4 x1", "RTX 4070 Ti x1", "RTX 4090 x1", "H100 SXM5 80GB x8", "RTX 4090 x2");
  }

  @Test
  void as_spot_only_what_has_such_a_price_is_offered() {
    assertThat(of(Purchase.SPOT, Optional.empty(), List.of(), List.of()))
        .containsExactly("L4 x1", "RTX 4090 x2");
  }

  @Test
  void every_filter_has_to_let_an_offer_through() {
    assertThat(of(Purchase.ON_DEMAND, Optional.of("RTX 4090"), List.of("runpod"), List.of()))
        .containsExactly("RTX 4090 x2");
    assertThat(of(Purchase.ON_DEMAND, Optional.empty(), List.of("lambda"), List.of("east")))
        .containsExactly("H100 SXM5 80GB x8");
  }

  @Test
  void a_number_and_a_series_are_the_cards_that_go_by_them() {
    assertThat(of(Purchase.ON_DEMAND, Optional.of("4070"), List.of(), List.of()))
        .containsExactly("RTX 4070 Ti x1");
    assertThat(of(Purchase.ON_DEMAND, Optional.of("rtx 40"), List.of(), List.of()))
        .containsExactly("RTX 4070 Ti x1", "RTX 4090 x1", "RTX 4090 x2");
  }

  @Test
  void a_filter_that_leaves_nothing_says_what_there_is() {
    InputError provider = refused(own, Optional.empty(), List.of("runpot"), List.of());
    InputError region = refused(own, Optional.of("L4"), List.of(), List.of("us"));
    InputError card = refused(own, Optional.of("lambda"), List.of(), List.of());

    assertThat(provider.nearest()).containsExactly("runpod");
    assertThat(provider.line(Words.DOCUMENT)).contains("there are: lambda, runpod, vast");
    assertThat(region.line(Words.DOCUMENT))
        .endsWith("--region 'us' leaves no offer, there are: eu-2");
    assertThat(card.line(Words.DOCUMENT))
        .isEqualTo("'lambda' is a provider and no GPU; give --provider lambda");
  }

  @Test
  void a_provider_that_nobody_knows_is_refused_beside_others_and_led_to_a_name_that_people_use() {
    InputError unknown = refused(own, Optional.empty(), List.of("lambda", "acme"), List.of());
    InputError slip = refused(own, Optional.empty(), List.of("amazn"), List.of());

    assertThat(unknown.line(Words.DOCUMENT)).contains("--provider 'acme' leaves no offer");
    assertThat(slip.nearest()).containsExactly("amazon");
    assertThat(of(Purchase.ON_DEMAND, Optional.empty(), List.of("Lambda Labs", "aws"), List.of()))
        .containsExactly("RTX 4090 x1", "H100 SXM5 80GB x8");
  }

  @Test
  void where_no_row_has_a_price_the_first_that_was_left_out_is_told_in_parts() throws IOException {
    Path market =
        Files.writeString(
            folder.resolve("p.csv"),
            "InstanceType,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region\n"
                + "a,H100,abc,2.0,,us\n");
    InputError error = refused(market, Optional.empty(), List.of(), List.of());

    assertThat(error.line(Words.DOCUMENT))
        .contains("no usable price in ", "; rows were left out, the first is ", "p.csv:2:8: ")
        .endsWith("a count that no machine has: AcceleratorCount is 'abc'");
    assertThat(error.hint().mentions(new Subject.Item("AcceleratorCount"))).isTrue();
  }

  private InputError refused(
      Path file, Optional<String> gpu, List<String> providers, List<String> regions) {
    PricesRequest request = request(file, Purchase.ON_DEMAND, gpu, providers, regions);
    return catchThrowableOfType(InputException.class, () -> request.report(TODAY)).error();
  }

  private List<String> of(
      Purchase purchase, Optional<String> gpu, List<String> providers, List<String> regions) {
    return request(own, purchase, gpu, providers, regions).report(TODAY).offers().stream()
        .map(PricesRequestTest::shown)
        .toList();
  }

  private static String shown(Offer offer) {
    return offer.gpu().name() + " x" + offer.count();
  }

  private static PricesRequest request(
      Path file,
      Purchase purchase,
      Optional<String> gpu,
      List<String> providers,
      List<String> regions) {
    return new PricesRequest(
        List.of(file.toString()), Optional.empty(), gpu, providers, regions, purchase);
  }
}
