package dev.vramcast.core.plan.search;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.plan.setting.Setting;
import dev.vramcast.core.plan.setting.Settings;
import dev.vramcast.core.time.Seconds;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.ModelProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The settings of one machine by their time. Where nothing is paid but the machine, of the settings
 * that fit the fastest is the cheapest too.
 *
 * @param possible settings, also those that cannot run on the machine
 * @param hopeless settings that can run, but would take without end
 * @param refusal why one of those that cannot run cannot
 * @param settings the fastest first; as fast ones in the order of preference
 */
public record Timed(
    Machine machine,
    long possible,
    long hopeless,
    Optional<Notice> refusal,
    List<Choice> settings) {

  /**
   * A setting with the time that the machine is paid for.
   *
   * @param slow the same at the low end of the speed's range
   */
  public record Choice(Setting setting, Duration billed, double seconds, Duration slow) {

    private static Choice of(Setting setting, BilledTime.Span span) {
      return new Choice(setting, span.billed(), Seconds.of(span.billed()), span.slow());
    }

    /** The time that limits are held against. */
    public Duration billed(Confidence confidence) {
      return switch (confidence) {
        case ESTIMATE -> billed;
        case HIGH -> slow;
      };
    }
  }

  public Timed {
    settings = List.copyOf(settings);
  }

  public static Timed of(Machine machine, Settings all, ModelProfile model, BilledTime billed) {
    List<Choice> choices = new ArrayList<>();
    long hopeless = 0;
    Optional<Notice> refusal = all.refusal();
    for (Setting setting : all.legal()) {
      Optional<Notice> refused =
          GpuRules.refusal(setting.job(), machine.gpu())
              .map(why -> why.behind(machine.gpu().name(), " "));
      refusal = refusal.isPresent() ? refusal : refused;
      if (refused.isEmpty()) {
        Optional<BilledTime.Span> time = billed.of(speed(model, setting, machine), setting);
        time.ifPresent(span -> choices.add(Choice.of(setting, span)));
        hopeless += time.isEmpty() ? 1 : 0;
      }
    }
    choices.sort(Comparator.comparing(Choice::billed));
    return new Timed(machine, all.possible(), hopeless, refusal, choices);
  }

  private static TimeEstimate speed(ModelProfile model, Setting setting, Machine machine) {
    return TimeEstimator.figures(model, setting.job(), machine.gpu(), MatmulType.PRECISION);
  }

  /** Settings that cannot run on the machine. */
  long illegal() {
    return possible - hopeless - settings.size();
  }
}
