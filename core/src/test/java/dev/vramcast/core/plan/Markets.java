package dev.vramcast.core.plan;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Throughput;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Rentals;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.plan.setting.Placement;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunErrors;
import dev.vramcast.core.time.RunExtras;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;

/** Small markets for tests. */
public final class Markets {

  private static final String[] CAPABILITIES = {"8.0", "8.9", "9.0", "10.0"};
  private static final String[] LINKS = {"PCIe", "NVLink4 + NVSwitch", "PCIe, no P2P"};
  private static final int[] COUNTS = {1, 1, 2, 3, 4};

  private Markets() {}

  /** A Llama of about 20 million parameters. */
  public static Architecture llama() {
    return Families.read(
        new ModelConfig(
            "config.json",
            Map.of(
                "model_type", "llama",
                "vocab_size", 8192,
                "hidden_size", 512,
                "intermediate_size", 1408,
                "num_hidden_layers", 3,
                "num_attention_heads", 8,
                "num_key_value_heads", 2,
                "max_position_embeddings", 8192)));
  }

  public static FitEvaluator evaluator() {
    return FitEvaluator.of(llama(), any(), 0, ranges());
  }

  /** So many cards of which nothing matters. */
  public static Placement placed(Architecture model, int gpus) {
    return new Placement(model, any(), gpus);
  }

  private static Gpu any() {
    return gpu("any", 1024, "8.0", 300, "none");
  }

  /** From 0.9 to 1.2 times an estimate. */
  private static RangeTable ranges() {
    return RunErrors.between(0.9, 1.2);
  }

  public static Gpu gpu(
      String name, long mebibytes, String capability, double teraflops, String link) {
    Gpu gpu = Cards.card(name, capability, Cards.allOf(mebibytes), link);
    return Cards.with(gpu, Cards.rates(capability, 5 * teraflops, teraflops));
  }

  /** The same card of another maker and with other rates, without bf16 and FlashAttention. */
  static Gpu without(Gpu gpu, Vendor vendor, Throughput throughput) {
    Abilities none = new Abilities(false, false, false, false, true, true);
    return Cards.with(Cards.with(gpu, throughput), vendor, none);
  }

  static Offer offer(Gpu gpu, int count, String price) {
    return Offer.builder()
        .provider("test")
        .gpu(gpu)
        .count(count)
        .onDemand(Optional.of(UsdPerHour.of(price)))
        .spot(Optional.of(new UsdPerHour(new BigDecimal(price).multiply(new BigDecimal("0.4")))))
        .asOf(PriceDate.of(LocalDate.of(2026, 9, 1)))
        .source("test")
        .build();
  }

  /** The same on a network of so many bits a second; 0 for none that is known. */
  static Offer over(Offer offer, double bits) {
    return bits > 0
        ? offer.toBuilder().host(offer.host().over(OptionalDouble.of(bits))).build()
        : offer;
  }

  /** The same with a price of storage by the month, and of traffic. */
  static Offer charging(Offer offer, double storage, double traffic) {
    return offer.toBuilder()
        .terms(offer.terms().charging(OptionalDouble.of(storage), OptionalDouble.of(traffic)))
        .build();
  }

  /** The same with so much memory beside the GPUs. */
  static Offer with(Offer offer, long hostBytes) {
    return offer.toBuilder()
        .host(new HostSize(OptionalLong.of(hostBytes), OptionalLong.empty()))
        .build();
  }

  /** Some offers of some GPUs, on which jobs fit, nearly fit and do not. */
  static List<Offer> random(Random random) {
    List<Gpu> gpus = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      gpus.add(
          gpu(
              "GPU " + i,
              600 + random.nextInt(1800),
              CAPABILITIES[random.nextInt(CAPABILITIES.length)],
              50 + random.nextInt(900),
              LINKS[random.nextInt(LINKS.length)]));
    }
    List<Offer> offers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int count = COUNTS[random.nextInt(COUNTS.length)];
      String price = BigDecimal.valueOf(count * (20L + random.nextInt(300)), 2).toPlainString();
      offers.add(offer(gpus.get(random.nextInt(gpus.size())), count, price));
    }
    return offers;
  }

  /** A job of a billion tokens, from text such as {@code --method lora}. */
  public static JobDocument job(String flags) {
    return Jobs.with(JobDocument.empty(), "--sequence-length 512 --tokens 1e9 " + flags);
  }

  static Question question(String flags, Choices choices, List<Offer> offers) {
    return new Question(
        job(flags), choices, Rentals.of(offers), Limits.NONE, RunExtras.USUAL, SpotTerms.USUAL);
  }

  static Question within(Question question, Limits limits) {
    return new Question(
        question.job(),
        question.choices(),
        question.rentals(),
        limits,
        question.extras(),
        question.terms());
  }

  static Question on(Question question, Purchase purchase) {
    Rentals rentals = question.rentals();
    return new Question(
        question.job(),
        question.choices(),
        new Rentals(rentals.offers(), rentals.nodes(), rentals.filters(), purchase),
        question.limits(),
        question.extras(),
        question.terms());
  }

  static Question about(Question question, JobDocument job) {
    return new Question(
        job,
        question.choices(),
        question.rentals(),
        question.limits(),
        question.extras(),
        question.terms());
  }
}
