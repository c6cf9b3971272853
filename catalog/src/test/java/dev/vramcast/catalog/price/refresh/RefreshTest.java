package dev.vramcast.catalog.price.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceCsv;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fetches from a server on this machine that answers as the real ones do, or lies. */
@Tag("slow")
class RefreshTest {

  private static final PriceDate DAY = PriceDate.of(LocalDate.parse("2026-11-27"));
  private static final PriceDate LATER = PriceDate.of(LocalDate.parse("2026-12-01"));

  @TempDir private Path folder;

  private SourceServer server;

  @BeforeEach
  void start() throws IOException {
    server = new SourceServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void sky_pilot_s_catalogue_is_kept_with_its_day() throws IOException {
    List<Offer> offers = fetched("aws", PriceSource.Form.SKYPILOT, "aws.csv");

    assertThat(offers).hasSize(4).allMatch(offer -> offer.asOf().equals(DAY));
    assertThat(price(offers, "A10G", 1)).isEqualTo("1.006");
    assertThat(PriceCsv.of(kept("aws"))).isEqualTo(PriceCsv.of(offers));
  }

  @Test
  void vast_s_machines_are_told_apart_by_host_and_memory() throws IOException {
    List<Offer> offers = fetched("vast", PriceSource.Form.VAST, "vast.json");

    assertThat(offers).hasSize(4);
    assertThat(offers)
        .filteredOn(offer -> offer.terms().peerToPeer())
        .extracting(offer -> offer.gpu().name())
        .containsExactlyInAnyOrder("RTX 4090", "A100 80GB SXM4");
    Offer private4090 =
        offers.stream()
            .filter(offer -> offer.terms().peerToPeer() && offer.count() == 1)
            .findFirst()
            .orElseThrow();
    assertThat(private4090.onDemand().orElseThrow()).hasToString("0.3148");
    assertThat(private4090.spot().orElseThrow()).hasToString("0.16");
    assertThat(private4090.terms().reliability()).hasValue(0.9942);
    assertThat(private4090.host().diskBytes()).hasValue(420_500_000_000L);
    assertThat(private4090.terms().storageUsdPerGbMonth()).hasValue(0.15);
    assertThat(PriceCsv.of(kept("vast"))).isEqualTo(PriceCsv.of(offers));
  }

  @Test
  void run_pod_has_a_price_of_each_cloud_for_each_count() throws IOException {
    PriceSource source =
        source("runpod", PriceSource.Form.RUNPOD, Optional.of("{\"query\": \"query {gpuTypes}\"}"));
    server.gives("/runpod", SourceServer.real("runpod.json"));
    List<Offer> offers = refresh(DAY).of(source).offers();

    assertThat(server.request("/runpod")).hasValue("POST {\"query\": \"query {gpuTypes}\"}");
    assertThat(price(offers, "H100 SXM5 80GB", 8)).isEqualTo("21.52");
    assertThat(offers)
        .filteredOn(offer -> offer.gpu().name().equals("H100 SXM5 80GB"))
        .filteredOn(offer -> offer.terms().peerToPeer())
        .extracting(Offer::count)
        .containsExactly(1);
    assertThat(offers)
        .filteredOn(offer -> offer.gpu().name().equals("A100 80GB PCIe"))
        .hasSize(4)
        .noneMatch(offer -> offer.terms().peerToPeer());
  }

  @Test
  void jobs_are_billed_by_the_minute_and_their_cards_known_by_their_memory() throws IOException {
    List<Offer> offers = fetched("huggingface", PriceSource.Form.HF_JOBS, "huggingface.json");

    assertThat(offers).hasSize(3);
    assertThat(price(offers, "A100 80GB SXM4", 1)).isEqualTo("2.50002");
    assertThat(price(offers, "A100 80GB SXM4", 8)).isEqualTo("19.99998");
    assertThat(offers.get(0).terms().leastBilled()).hasValue(Duration.ofMinutes(1));
    assertThat(offers.get(0).host().memoryBytes()).hasValue(142L << 30);
    assertThat(PriceCsv.of(kept("huggingface"))).isEqualTo(PriceCsv.of(offers));
  }

  @Test
  void what_was_fetched_stands_before_the_program_s_own_list_of_that_provider() throws IOException {
    fetched("aws", PriceSource.Form.SKYPILOT, "aws.csv");

    List<LoadedPrices> usual = new KeptPrices(Optional.of(folder)).usual();

    assertThat(usual).hasSize(2);
    assertThat(usual.get(0).list().name()).isEqualTo("fetched");
    assertThat(usual.get(1).list().name()).isEqualTo(PriceLists.MARKET);
    assertThat(usual.get(1).list().offers())
        .isNotEmpty()
        .noneMatch(offer -> offer.provider().equals("aws"));
    assertThat(KeptPrices.NONE.usual()).hasSize(1);
  }

  @Test
  void the_offers_of_a_card_are_those_of_the_list() throws IOException {
    KeptPrices some = new KeptPrices(Optional.of(folder));
    fetched("aws", PriceSource.Form.SKYPILOT, "aws.csv");

    for (Gpu gpu : GpuCatalog.embedded().all()) {
      assertThat(KeptPrices.NONE.usual(gpu)).isEqualTo(of(gpu, KeptPrices.NONE.usual()));
      assertThat(some.usual(gpu)).isEqualTo(of(gpu, some.usual()));
    }
  }

  private static List<Offer> of(Gpu gpu, List<LoadedPrices> lists) {
    return lists.stream()
        .flatMap(list -> list.list().offers().stream())
        .filter(offer -> offer.gpu().name().equals(gpu.name()))
        .toList();
  }

  private static Stream<Arguments> lies() throws IOException {
    String aws = SourceServer.real("aws.csv");
    String vast = SourceServer.real("vast.json");
    String jobs = SourceServer.real("huggingface.json");
    String runpod = SourceServer.real("runpod.json");
    String header = aws.lines().findFirst().orElseThrow() + "\n";
    return Stream.of(
        lie(PriceSource.Form.SKYPILOT, aws.replace("1.006", "NaN"), "Price is 'NaN'"),
        lie(PriceSource.Form.SKYPILOT, aws.replace("1.006", "-1"), "Price is '-1'"),
        lie(PriceSource.Form.SKYPILOT, "<!DOCTYPE html><html>busy</html>", "a page of HTML"),
        lie(PriceSource.Form.SKYPILOT, aws.replace("Arch", "Currency"), "may not be dollars"),
        lie(PriceSource.Form.SKYPILOT, header, "no row with a GPU"),
        lie(PriceSource.Form.SKYPILOT, "", ""),
        lie(
            PriceSource.Form.SKYPILOT,
            header + aws.lines().skip(1).findFirst().orElseThrow(),
            "offers 1 machines, of 4"),
        lie(
            PriceSource.Form.SKYPILOT,
            aws.replaceAll(",([\\d.]+),([\\d.]+),us", ",1$1,1$2,us"),
            "times as much as before"),
        lie(
            PriceSource.Form.SKYPILOT,
            header + inCents(aws.lines().skip(1).limit(2).collect(Collectors.joining("\n"))),
            "times as much as before"),
        lie(PriceSource.Form.VAST, vast.replace("0.3148", "NaN"), "NaN"),
        lie(PriceSource.Form.VAST, vast.replace("0.3148", "-0.3"), "dph_total is '-0.3'"),
        lie(PriceSource.Form.VAST, vast.replace("0.3148", "\"cheap\""), "dph_total is 'cheap'"),
        lie(PriceSource.Form.VAST, vast.replace("0.3148", "1e300"), "dph_total is"),
        lie(
            PriceSource.Form.VAST,
            vast.replace("\"dph_total\": 0.3148", "\"currency\": \"EUR\", \"dph_total\": 0.3148"),
            "currency is 'EUR', allowed: USD"),
        lie(PriceSource.Form.VAST, "{\"offers\": []}", "offers no machine"),
        lie(PriceSource.Form.VAST, "{\"success\": false}", "has no 'offers'"),
        lie(PriceSource.Form.VAST, vast.substring(0, 300), "JSON"),
        lie(PriceSource.Form.RUNPOD, "{\"errors\": [{\"message\": \"no\"}]}", "with errors"),
        lie(PriceSource.Form.RUNPOD, runpod.replace("2.69", "-2.69"), "securePrice is '-2.69'"),
        lie(PriceSource.Form.HF_JOBS, "{\"error\": \"busy\"}", "holds no JSON array"),
        lie(PriceSource.Form.HF_JOBS, jobs.replace("minute", "month"), "unitLabel is 'month'"),
        lie(PriceSource.Form.HF_JOBS, jobs.replace("0.041667", "-1"), "unitCostUSD is '-1'"));
  }

  private static String inCents(String rows) {
    return rows.replaceAll(
        ",(\\d+)\\.(\\d\\d)(\\d*),(\\d+)\\.(\\d\\d)(\\d*),us", ",$1$2.0$3,$4$5.0$6,us");
  }

  private static Arguments lie(PriceSource.Form form, String answer, String reason) {
    return Arguments.of(form, answer, reason);
  }

  @ParameterizedTest
  @MethodSource("lies")
  void a_source_that_lies_leaves_the_list_that_was_there(
      PriceSource.Form form, String answer, String reason) throws IOException {
    String real =
        switch (form) {
          case SKYPILOT -> "aws.csv";
          case VAST -> "vast.json";
          case RUNPOD -> "runpod.json";
          case HF_JOBS -> "huggingface.json";
        };
    List<Offer> before = fetched("one", form, real);
    byte[] file = Files.readAllBytes(folder.resolve("one.csv"));
    server.gives("/one", answer);

    Refresh.Outcome outcome = refresh(LATER).of(source("one", form, Optional.empty()));

    assertThat(outcome.failure().map(InputException::getMessage))
        .hasValueSatisfying(
            said -> assertThat(said).contains(reason).doesNotContain("\n").contains("/one"));
    assertThat(PriceCsv.of(outcome.offers())).isEqualTo(PriceCsv.of(before));
    assertThat(Files.readAllBytes(folder.resolve("one.csv"))).isEqualTo(file);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void prices_without_a_mark_are_held_against_those_of_the_program() {
    String cents =
        """
        InstanceType,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region
        g5.xlarge,A10G,1,100.6,,us-east-2
        g6.xlarge,L4,1,80.48,,us-east-2
        g4dn.xlarge,T4,1,120.4,,us-east-2
        p4d.24xlarge,A100,8,2195.76,,us-east-2
        """;
    server.gives("/aws", cents);

    Refresh.Outcome outcome =
        refresh(DAY).of(source("aws", PriceSource.Form.SKYPILOT, Optional.empty()));

    assertThat(outcome.failure()).isPresent();
    assertThat(outcome.failure().get()).hasMessageContaining("may not be dollars an hour");
    assertThat(kept("aws")).isEmpty();
  }

  @Test
  void ten_million_rows_are_broken_off_at_the_limit() {
    server.answers(
        "/aws",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] row = "g5.xlarge,A10G,1,1.0,0.3,us\n".repeat(1000).getBytes();
          for (int i = 0; i < 10_000; i++) {
            exchange.getResponseBody().write(row);
          }
        });
    Refresh refresh =
        new Refresh(new SourceClient(1 << 20, Duration.ofSeconds(20)), keptHere(), DAY);

    Refresh.Outcome outcome =
        refresh.of(source("aws", PriceSource.Form.SKYPILOT, Optional.empty()));

    assertThat(outcome.failure().orElseThrow()).hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void a_source_that_drips_is_given_up() {
    server.answers(
        "/aws",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            sleep();
          }
        });
    Refresh refresh =
        new Refresh(new SourceClient(1 << 20, Duration.ofMillis(400)), keptHere(), DAY);

    Refresh.Outcome outcome =
        refresh.of(source("aws", PriceSource.Form.SKYPILOT, Optional.empty()));

    assertThat(outcome.failure().orElseThrow()).hasMessageContaining("within 400 ms");
  }

  @Test
  void redirects_are_followed_on_this_machine_and_to_no_plain_address_elsewhere()
      throws IOException {
    server.gives("/there", SourceServer.real("aws.csv"));
    redirect("/aws", "/there");
    redirect("/away", "http://192.0.2.1/vms.csv");
    redirect("/circle", "/circle");
    PriceSource.Form form = PriceSource.Form.SKYPILOT;

    assertThat(refresh(DAY).of(source("aws", form, Optional.empty())).offers()).hasSize(4);
    assertThat(refresh(DAY).of(source("away", form, Optional.empty())).failure().orElseThrow())
        .hasMessageContaining("redirects to where no HTTPS is");
    assertThat(refresh(DAY).of(source("circle", form, Optional.empty())).failure().orElseThrow())
        .hasMessageContaining("redirects more than 5 times");
    assertThat(refresh(DAY).of(source("gone", form, Optional.empty())).failure().orElseThrow())
        .hasMessageContaining("HTTP 404");
  }

  private void redirect(String from, String to) {
    server.answers(
        from,
        exchange -> {
          exchange.getResponseHeaders().add("Location", to);
          exchange.sendResponseHeaders(302, -1);
        });
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Offer> fetched(String name, PriceSource.Form form, String answer)
      throws IOException {
    server.gives("/" + name, SourceServer.real(answer));
    Refresh.Outcome outcome = refresh(DAY).of(source(name, form, Optional.empty()));
    assertThat(outcome.failure()).isEmpty();
    return outcome.offers();
  }

  private PriceSource source(String name, PriceSource.Form form, Optional<String> body) {
    return new PriceSource(name, name, form, server.address("/" + name), body);
  }

  private Refresh refresh(PriceDate day) {
    return new Refresh(SourceClient.USUAL, keptHere(), day);
  }

  private KeptPrices keptHere() {
    return new KeptPrices(Optional.of(folder));
  }

  private List<Offer> kept(String name) {
    return keptHere().of(name).map(prices -> prices.list().offers()).orElse(List.of());
  }

  private static String price(List<Offer> offers, String gpu, int count) {
    return offers.stream()
        .filter(offer -> offer.gpu().name().equals(gpu) && offer.count() == count)
        .filter(offer -> !offer.terms().peerToPeer())
        .map(offer -> offer.price(Purchase.ON_DEMAND).orElseThrow().toString())
        .findFirst()
        .orElseThrow();
  }
}
