package dev.vramcast.answers.guide;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.answers.fit.NeedRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.rule.RuleOfThumb;
import dev.vramcast.core.run.RankEstimate;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link GuideReport} for programs: bytes are whole numbers, what the guide printed is in GB. */
@Describes("A guide's table of memory, GPUs and costs beside estimates of the same jobs.")
public record GuideRecord(
    @Describes("The settings of the estimated jobs.") String settings,
    @Describes("What the choices of GPUs rest on.") String gpuSettings,
    @Describes("Name of the price list.") String priceList,
    @Describes("The guide's rows, in its order.") List<Row> rows,
    @Describes("The guide's examples of costs.") Examples costExamples) {

  public static final String KIND = "guide";

  /** A row of the guide. */
  record Row(
      @Describes("Its class of sizes.") String sizeClass,
      @Describes("What is trained, and how.") String method,
      @Describes("The guide's own figure.") double printedTotalGb,
      @Describes("The guide's rule, worked out again.") Rule rule,
      @Describes("The rule's total less the printed one.") double differenceGb,
      @Describes("Catalogue name of the model that was estimated.") String model,
      @Describes("Peak that PyTorch's allocator gives out; null where it is not modelled.")
          Optional<Long> estimatedBytes,
      @Describes("Where rule and estimate differ most, or why there is no estimate.") String why,
      @Describes("Which GPUs it takes.") Choices gpus) {

    private static Row of(GuideEntry entry, GpuEntry gpus) {
      return new Row(
          entry.row().sizeClass().label(),
          entry.row().method().label(),
          entry.row().totalGigabytes(),
          Rule.of(entry.rule()),
          Math.round(entry.difference() * GIGA) / GIGA,
          entry.model(),
          entry.trace().map(RankEstimate::allocatedBytes),
          entry.why(),
          Choices.of(gpus));
    }
  }

  /** The rule of the guide. */
  record Rule(RulePartsRecord parts, @Describes("The sum of its parts.") long totalBytes) {

    private static Rule of(RuleOfThumb rule) {
      return new Rule(RulePartsRecord.of(rule), rule.totalBytes());
    }
  }

  /** GPUs for a row. */
  record Choices(
      @Describes("The guide's choice, held against the estimate.") Checked guide,
      @Describes("What the rule that the guide seems to follow leads to.") Choice rule,
      @Describes("Whether these are the same.") boolean ruleAgrees,
      @Describes("The cheapest that hold the guide's own total.") Choice cheapestByRule,
      @Describes("The cheapest that hold the job for certain; null where it is not modelled.")
          Optional<Checked> estimate,
      @Describes("What is to be said of them, a line each.") List<String> remarks) {

    private static Choices of(GpuEntry entry) {
      return new Choices(
          Checked.of(entry.row().choice(), entry.guidesByEstimate()),
          Choice.of(entry.rule()),
          entry.agrees(),
          Choice.of(entry.cheapestByRule()),
          entry.trace().map(trace -> Checked.of(trace.choice(), entry.trace())),
          entry.remarks());
    }
  }

  /** GPUs. */
  record Choice(
      @Describes(Meaning.GPU) String gpu,
      @Describes("How many of it.") int gpus,
      @Describes("Of all of them, on demand.") UsdPerHour usdPerHour) {

    private static Choice of(GpuChoice choice) {
      return new Choice(choice.card().gpu().name(), choice.count(), choice.price());
    }
  }

  /** GPUs that the job was estimated on; what is needed of one is null where it is not modelled. */
  record Checked(
      @Describes(Meaning.GPU) String gpu,
      @Describes("How many of it.") int gpus,
      @Describes("Of all of them, on demand.") UsdPerHour usdPerHour,
      Optional<NeedRecord> need) {

    private static Checked of(GpuChoice choice, Optional<EstimatedChoice> estimated) {
      return new Checked(
          choice.card().gpu().name(),
          choice.count(),
          choice.price(),
          estimated.map(EstimatedChoice::check).map(NeedRecord::of));
    }
  }

  /** The guide's examples of costs. */
  record Examples(
      @Describes("The settings of the estimated jobs.") String settings,
      @Describes("In the guide's order.") List<Example> rows) {}

  /** An example of costs. */
  record Example(
      @Describes("Its name.") String example,
      @Describes("Its model.") String model,
      @Describes("What is trained, and how.") String method,
      @Describes("Its GPU, as the guide calls it.") String gpu,
      @Describes("How many of it.") int count,
      @Describes("Hours that the guide states.") int statedHours,
      @Describes("Price that the guide printed.") BigDecimal printedUsdPerHour,
      @Describes("Cost that the guide printed.") BigDecimal printedUsd,
      @Describes("Price of the list.") UsdPerHour listUsdPerHour,
      @Describes("The stated hours at that price.") Usd usd,
      @Describes("Our own hours; null where too little is stated, or it does not fit.")
          Optional<Own> our,
      @Describes("On our hours, or on why there are none.") String why) {

    private static Example of(ExampleCost cost) {
      CostExample example = cost.example();
      return new Example(
          example.id(),
          example.model(),
          example.method().label(),
          example.gpu(),
          example.gpus(),
          example.bill().hours(),
          example.bill().usdPerHour(),
          example.bill().usd(),
          cost.price(),
          cost.cost(),
          cost.own().map(Own::of),
          cost.why());
    }
  }

  /** Our own hours of an example. */
  record Own(
      @Describes("Of the run.") Duration seconds,
      @Describes("The run at the high end of the speed's range; null on spot.")
          Optional<Duration> lowSeconds,
      @Describes("The run at the low end of the speed's range; null on spot.")
          Optional<Duration> highSeconds,
      @Describes("Of the run.") Usd usd,
      @Describes(Meaning.VERDICT) String verdict) {

    private static Own of(ExampleCost.Own own) {
      return new Own(
          own.time(), own.low(), own.high(), own.cost(), own.verdict().replace(' ', '_'));
    }
  }

  static GuideRecord of(List<GuideEntry> entries, List<GpuEntry> gpus, List<ExampleCost> costs) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      rows.add(Row.of(entries.get(i), gpus.get(i)));
    }
    return new GuideRecord(
        GuideModel.SETTINGS,
        GpuSection.SETTINGS,
        PriceLists.GUIDE,
        rows,
        new Examples(ExampleJob.SETTINGS, costs.stream().map(Example::of).toList()));
  }
}
