package dev.vramcast.answers.plan;

import dev.vramcast.answers.fit.NeedRecord;
import dev.vramcast.answers.prices.AgeRecord;
import dev.vramcast.answers.prices.OfferRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.answers.text.JobCommand;
import dev.vramcast.answers.words.AssumptionsRecord;
import dev.vramcast.answers.words.NoticeRecord;
import dev.vramcast.answers.words.PieceRecord;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.Ranking;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@link PlanReport} for programs. */
@Describes("Where and how to run a job: machines with settings that fit, the best first.")
public record PlanRecord(
    @Describes(Meaning.SUMMARY) String summary,
    @Describes(Meaning.MODEL) String model,
    @Describes("What makes a line better than another.") Ranking rankedBy,
    @Describes("How machines are rented: on-demand or spot.") String purchase,
    @Describes("The day on which ages are told.") LocalDate today,
    AgeRecord age,
    @Describes("Offers that are left out for the age of their price.") int offersLeftOutForAge,
    @Describes("Whether none is as young as was asked for, so that the youngest of each GPU count.")
        boolean allPricesOld,
    @Describes("Offers times settings.") long candidates,
    @Describes("What each constraint leaves out.") List<Excluded> excluded,
    @Describes("Whether the memory of each candidate was looked at.") boolean memoryOfAllIsKnown,
    @Describes("What can be rented, the best first.") List<Line> lines,
    @Describes("What the first line is compared with; null where there is nothing.")
        Optional<Line> next,
    @Describes(
            "What would be found without a limit; null where something is found, or where no limit"
                + " leaves anything out.")
        Optional<Unlimited> beyond,
    @Describes(Meaning.ASSUMPTIONS) List<String> assumptions,
    @ShownAs("assumptions")
        @Describes("The same in parts, for those who have other words for a field.")
        List<NoticeRecord> assumptionNotices,
    WarningsRecord warnings) {

  public static final String KIND = "plan";

  private static final int HOUR_DECIMALS = 6;
  private static final int DOLLAR_DECIMALS = 6;
  private static final BigDecimal SECONDS_AN_HOUR = BigDecimal.valueOf(3600);
  private static final int NANO_DECIMALS = 9;

  /** Candidates that a constraint excludes. */
  record Excluded(
      @Describes(
              "Its name: price, legality, deadline, budget, memory, network, host memory, or the"
                  + " key or field that says which machines are looked at.")
          String constraint,
      @ShownAs("constraint") @Describes("The same for people: texts, and fields between them.")
          List<PieceRecord> sentence,
      @Describes("Candidates that no constraint before it excludes.") long candidates) {

    private static Excluded of(Exclusion exclusion, PlanReport report) {
      return new Excluded(
          name(exclusion.constraint()),
          PieceRecord.of(Phrase.of(report.constraint(exclusion)), ProgramWords.ALL),
          exclusion.candidates());
    }

    private static String name(String constraint) {
      return constraint.startsWith("--")
          ? ProgramWords.ALL.name(Subject.option(constraint), Optional.empty())
          : constraint;
    }
  }

  /** What would be found without a limit; where nothing would be, all but the limit is null. */
  record Unlimited(
      @Describes("Which limit is lifted.") Beyond.Limit without,
      @Describes("What could be rented.") Optional<Line> line,
      @Describes("Of the whole run where it takes as long as limits are held against.")
          Optional<Usd> heldCostUsd,
      @Describes("That are paid for where it takes as long as limits are held against.")
          Optional<BigDecimal> heldHours) {

    private static Unlimited of(Beyond beyond, PlanReport report) {
      Optional<PlanLine> line = beyond.line();
      return new Unlimited(
          beyond.limit(),
          line.map(found -> Line.of(found, Optional.empty(), report)),
          line.map(found -> found.heldCost().upTo(DOLLAR_DECIMALS)),
          line.map(found -> upToHours(found.heldBilled())));
    }
  }

  /** A machine with settings. */
  record Line(
      @Describes("Of the whole run.") Usd costUsd,
      @Describes(Meaning.BESIDE) Optional<Usd> besideUsd,
      @Describes("That are paid for; on spot they are expected.") BigDecimal hours,
      @Describes("Of all machines.") UsdPerHour usdPerHour,
      @Describes("How many such machines.") int nodes,
      @Describes("Of a run that nothing interrupts.") BigDecimal hoursUndisturbed,
      @Describes("Those at the high end of the speed's range.") BigDecimal hoursLow,
      @Describes("Those at the low end of the speed's range.") BigDecimal hoursHigh,
      @Describes("Of all GPUs, padding included.") long tokensPerSecond,
      @Describes("Optimizer steps.") long steps,
      @Describes("How a spot machine is lived with; null on demand.") Optional<Spot> spot,
      @Describes("One machine.") OfferRecord offer,
      NeedRecord need,
      @Describes("Why it stands before the next line; null where there is none.")
          Optional<String> beforeNext,
      @Describes("Why these settings can run there.") List<String> legalBecause,
      @Describes(Meaning.ABOUT) List<Optional<String>> legalBecauseAbout,
      @Describes("The estimate of it, as a command; null where none can say so.")
          Optional<String> command,
      @Describes(Meaning.JOB) JobDocument job) {

    private static Line of(PlanLine line, Optional<PlanLine> next, PlanReport report) {
      return new Line(
          line.cost(),
          line.beside(),
          inHours(line.billed()),
          line.price(),
          line.nodes(),
          inHours(line.run().total()),
          inHours(line.run().low()),
          inHours(line.run().high()),
          Math.round(line.speed().tokensPerSecond()),
          line.run().steps(),
          line.spot().map(Spot::of),
          OfferRecord.of(line.offer(), report.prices().today()),
          NeedRecord.of(line.check()),
          next.map(other -> new Advantage(line, other).sentence(report.ranking())),
          Remark.sentences(line.reasons()),
          AssumptionsRecord.about(line.reasons()),
          JobCommand.estimate(line.document(), report.question().extras()),
          line.document());
    }
  }

  /** How a spot machine is lived with. */
  record Spot(
      @Describes("Expected in the run.") BigDecimal interruptions,
      @Describes("From one checkpoint to the next.") BigDecimal checkpointIntervalHours,
      @Describes("Checkpoints of the run.") long checkpoints,
      @Describes("Nine of ten runs take no longer.") BigDecimal hoursP90) {

    private static Spot of(SpotRun run) {
      return new Spot(
          BigDecimal.valueOf(run.interruptions()).setScale(3, RoundingMode.HALF_UP),
          inHours(run.interval()),
          run.checkpoints(),
          inHours(run.p90()));
    }
  }

  static PlanRecord of(PlanReport report) {
    return new PlanRecord(
        PlanSentence.of(report),
        report.model(),
        report.ranking(),
        report.purchase().label(),
        report.prices().today(),
        AgeRecord.of(report.age()),
        report.prices().cut().leftOut(),
        report.prices().cut().allOld(),
        report.plan().candidates(),
        report.plan().exclusions().stream().map(each -> Excluded.of(each, report)).toList(),
        report.plan().memoryIsWhole(),
        lines(report),
        report.next().map(line -> Line.of(line, Optional.empty(), report)),
        report.beyond().map(beyond -> Unlimited.of(beyond, report)),
        report.counted().stream().map(notice -> notice.line(ProgramWords.ALL)).toList(),
        report.counted().stream().map(NoticeRecord::of).toList(),
        WarningsRecord.of(report.warnings()));
  }

  private static List<Line> lines(PlanReport report) {
    List<PlanLine> lines = report.plan().lines();
    return IntStream.range(0, lines.size())
        .mapToObj(at -> Line.of(lines.get(at), lines.stream().skip(at + 1L).findFirst(), report))
        .toList();
  }

  private static BigDecimal inHours(Duration time) {
    return inHours(time, RoundingMode.HALF_UP);
  }

  /** Never less than the time, for a limit to be set to. */
  private static BigDecimal upToHours(Duration time) {
    return inHours(time, RoundingMode.CEILING);
  }

  private static BigDecimal inHours(Duration time, RoundingMode rounding) {
    BigDecimal seconds =
        BigDecimal.valueOf(time.getSeconds())
            .add(BigDecimal.valueOf(time.getNano(), NANO_DECIMALS));
    return seconds.divide(SECONDS_AN_HOUR, HOUR_DECIMALS, rounding);
  }
}
