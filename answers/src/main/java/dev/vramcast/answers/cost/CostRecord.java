package dev.vramcast.answers.cost;

import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.prices.AgeRecord;
import dev.vramcast.answers.prices.OfferRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.answers.words.NoticeRecord;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.cost.OnDemandCost;
import dev.vramcast.core.cost.SpotCost;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.plan.machine.CostRow;
import dev.vramcast.core.plan.machine.CostSearch.LeftOut;
import dev.vramcast.core.plan.machine.Outcome;
import dev.vramcast.core.range.Verdict;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@link CostReport} for programs. */
@Describes("What a run costs on each GPU for rent, the cheapest first.")
public record CostRecord(
    @Describes(Meaning.SUMMARY) String summary,
    @Describes(Meaning.MODEL) String model,
    @Describes("How it is trained.") String method,
    @Describes("Of the run, without padding.") double tokens,
    @Describes("The day on which ages are told.") LocalDate today,
    @Describes("The kind of price that machines are ordered by: on-demand or spot.")
        String orderedBy,
    AgeRecord age,
    @Describes("Offers that are left out for the age of their price.") int offersLeftOutForAge,
    @Describes("Whether none is as young as was asked for, so that the youngest of each GPU count.")
        boolean allPricesOld,
    @Describes("Names of the price lists that were read.") List<String> lists,
    @Describes("How a spot machine is lived with.") Terms spotTerms,
    @Describes("The smallest machine of each GPU on which the run fits, the cheapest first.")
        List<Machine> machines,
    @Describes("GPUs that do not come into question, with the reason.") List<Excluded> leftOut,
    @Describes(Meaning.ASSUMPTIONS) List<String> assumptions,
    @ShownAs("assumptions")
        @Describes("The same in parts, for those who have other words for a field.")
        List<NoticeRecord> assumptionNotices,
    WarningsRecord warnings) {

  public static final String KIND = "cost";

  /** How a spot machine is lived with. */
  record Terms(
      @Describes("Mean time from one interruption to the next.")
          Duration secondsBetweenInterruptions,
      @Describes("From one checkpoint to the next; null where the best is taken.")
          Optional<Duration> checkpointIntervalSeconds,
      @Describes("From an interruption to the first step; null where it is estimated.")
          Optional<Duration> restartSeconds) {

    private static Terms of(SpotTerms terms) {
      return new Terms(terms.between(), terms.interval(), terms.restart());
    }
  }

  /** A machine on which the run fits. */
  record Machine(
      @Describes(Meaning.GPU) String gpu,
      @Describes("How many of it in a machine.") int count,
      @Describes("How many such machines.") int nodes,
      @Describes(Meaning.VERDICT) Verdict verdict,
      @Describes(Meaning.VERDICT_WORDS) String verdictWords,
      @Describes(Meaning.CHANCE) OptionalDouble chance,
      @Describes("What spreads the job over several GPUs; null on one.") Optional<String> strategy,
      @Describes("Of each GPU.") long neededBytes,
      @Describes("Of as many GPUs.") long usableBytes,
      @Describes("Of the whole run.") Duration seconds,
      @Describes("The run at the high end of the speed's range.") Duration lowSeconds,
      @Describes("The run at the low end of the speed's range.") Duration highSeconds,
      @Describes("Null where it is not offered so.") Optional<OnDemand> onDemand,
      @Describes("Null where it is not offered so.") Optional<Spot> spot) {

    private static Machine of(CostRow row, LocalDate today) {
      return new Machine(
          row.gpu().name(),
          row.count(),
          row.machines(),
          row.runs().verdict(),
          Chance.verdict(row.runs().verdict(), row.runs().chance(), true),
          row.runs().chance(),
          row.runs().strategy(),
          row.runs().neededBytes(),
          row.runs().usableBytes(),
          row.work().total(),
          row.work().low(),
          row.work().high(),
          row.onDemandCost().map(cost -> OnDemand.of(row, cost, today)),
          row.spot().map(offer -> Spot.of(row, OfferRecord.of(offer, today))));
    }
  }

  /** A machine that stays. */
  record OnDemand(
      @Describes("Of the run.") Usd usd,
      @Describes("Of the run at the high end of the speed's range.") Usd lowUsd,
      @Describes("Of the run at the low end of the speed's range.") Usd highUsd,
      @Describes("Without padding.") Usd usdPerMillionTokens,
      @Describes(Meaning.BESIDE) Optional<Usd> besideUsd,
      @Describes("The cheapest of such machines.") OfferRecord offer) {

    private static OnDemand of(CostRow row, OnDemandCost cost, LocalDate today) {
      return new OnDemand(
          cost.total(),
          cost.low(),
          cost.high(),
          cost.total().perMillion(row.work().tokens()),
          row.besideOnDemand(),
          OfferRecord.of(row.onDemand().orElseThrow(), today));
    }
  }

  /** A machine that may be taken away. */
  record Spot(
      @Describes("Whether interruptions come so often that the run hardly gets on.")
          boolean hopeless,
      Extra<SpotTimes> times,
      Extra<SpotPrices> prices,
      @Describes("The cheapest of such machines.") OfferRecord offer) {

    private static Spot of(CostRow row, OfferRecord offer) {
      return new Spot(
          row.isHopeless(),
          Extra.of(row.spotRun().map(SpotTimes::of)),
          Extra.of(row.spotCost().map(cost -> SpotPrices.of(cost, row))),
          offer);
    }
  }

  /** The time that it takes; there where it is not hopeless. */
  record SpotTimes(
      @Describes("From one checkpoint to the next.") Duration checkpointIntervalSeconds,
      @Describes("Checkpoints of the run.") long checkpoints,
      @Describes("Interruptions of the run.") double expectedInterruptions,
      @Describes("A run that nothing interrupts.") Duration undisturbedSeconds,
      @Describes("The mean run.") Duration expectedSeconds,
      @Describes("Nine of ten runs take no longer.") Duration p90Seconds)
      implements Inline {

    private static SpotTimes of(SpotRun run) {
      return new SpotTimes(
          run.interval(),
          run.checkpoints(),
          run.interruptions(),
          run.undisturbed(),
          run.expected(),
          run.p90());
    }
  }

  /** The money that it takes; there where it is not hopeless. */
  record SpotPrices(
      @Describes("A run that nothing interrupts.") Usd undisturbedUsd,
      @Describes("The mean run.") Usd expectedUsd,
      @Describes("Nine of ten runs cost no more.") Usd p90Usd,
      @Describes("Of the mean run, without padding.") Usd expectedUsdPerMillionTokens,
      @Describes(Meaning.BESIDE) Optional<Usd> expectedBesideUsd)
      implements Inline {

    private static SpotPrices of(SpotCost cost, CostRow row) {
      return new SpotPrices(
          cost.undisturbed(),
          cost.expected(),
          cost.p90(),
          cost.expected().perMillion(row.work().tokens()),
          row.besideSpot());
    }
  }

  /** A GPU that does not come into question. */
  record Excluded(
      @Describes(Meaning.GPU) String gpu,
      @Describes("Of the largest machine with it.") int count,
      Reason why) {

    private static Excluded of(LeftOut left) {
      return new Excluded(left.gpu().name(), left.count(), Reason.of(left.outcome()));
    }
  }

  /** Why it does not. */
  sealed interface Reason extends Inline {

    private static Reason of(Outcome outcome) {
      if (outcome instanceof Outcome.TooLarge large) {
        return new TooLarge(large.neededBytes(), large.usableBytes());
      }
      return outcome instanceof Outcome.MachineTooSmall small
          ? MachineTooSmall.of(small.shortage())
          : new NotKnown(((Outcome.Unknown) outcome).reason().line(ProgramWords.ALL));
    }
  }

  /** It holds too little. */
  record TooLarge(
      @Describes("Of each GPU.") long neededBytes, @Describes("Of as many GPUs.") long usableBytes)
      implements Reason {
    public static final String REASON = "does_not_fit";
  }

  /** Its GPUs hold it, and the rest of the machine does not. */
  record MachineTooSmall(
      @Describes("host or disk.") String resource,
      @Describes("Of the machine.") long machineNeedsBytes,
      @Describes("Most of such machines.") long machineHasBytes)
      implements Reason {
    public static final String REASON = "machine_too_small";

    private static MachineTooSmall of(Shortage shortage) {
      return new MachineTooSmall(
          shortage.resource().name().toLowerCase(Locale.ROOT),
          shortage.neededBytes(),
          shortage.availableBytes());
    }
  }

  /** Nothing can be said. */
  record NotKnown(@Describes("Why not, for people.") String detail) implements Reason {
    public static final String REASON = "not_known";
  }

  static CostRecord of(CostReport report) {
    LocalDate today = report.prices().today();
    return new CostRecord(
        report.sentence(),
        report.model(),
        report.training().method().label(),
        report.tokens(),
        today,
        report.prices().purchase().label(),
        AgeRecord.of(report.prices().age(report.used())),
        report.prices().cut().leftOut(),
        report.prices().cut().allOld(),
        report.prices().lists().stream().map(list -> list.list().name()).toList(),
        Terms.of(report.terms()),
        report.search().rows().stream().map(row -> Machine.of(row, today)).toList(),
        report.search().leftOut().stream().map(Excluded::of).toList(),
        report.assumptions().stream().map(note -> note.line(ProgramWords.ALL)).toList(),
        report.assumptions().stream().map(NoticeRecord::of).toList(),
        WarningsRecord.of(report.warnings()));
  }
}
