package dev.vramcast.formats.write.train;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.formats.write.TrainingJob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a framework does in another way than the job that its file was written from. */
final class Differences {

  /** Who runs the job, and on which card: the file is for a framework, the card for a launcher. */
  private static final Set<JobKey> OUTSIDE =
      EnumSet.of(
          JobKey.MODEL_ID,
          JobKey.MODEL_CONFIG,
          JobKey.FRAMEWORK_NAME,
          JobKey.FRAMEWORK_VERSION,
          JobKey.TORCH_VERSION,
          JobKey.TRANSFORMERS_VERSION,
          JobKey.PEFT_VERSION,
          JobKey.BITSANDBYTES_VERSION,
          JobKey.GPU);

  private Differences() {}

  /** A line for each thing the user asked for, and one for all that nobody did. */
  static List<Notice> of(String format, TrainingJob wanted, Resolution effective) {
    List<Notice> notices = new ArrayList<>();
    List<Phrase> others = new ArrayList<>();
    for (ResolvedValue value : wanted.resolution().values()) {
      Optional<ResolvedValue> done = effective.value(value.key());
      boolean said = matters(value.key(), wanted.resolution().job());
      if (!said || isSame(value, done) || done.isEmpty() && isUsual(value)) {
        continue;
      }
      if (value.provenance() == Provenance.SET) {
        String instead = done.map(found -> ", it does " + text(found)).orElse("");
        notices.add(Notice.of(format, " cannot say ", value.key(), " ", text(value), instead));
      } else {
        done.ifPresent(found -> others.add(Phrase.of(found.key(), " ", text(found))));
      }
    }
    if (!others.isEmpty()) {
      notices.add(ownWay(format, new LinkedHashSet<>(others)));
    }
    return notices.stream().distinct().toList();
  }

  private static Notice ownWay(String format, Set<Phrase> others) {
    Phrase sentence =
        Phrase.of(
            format, " has its own way with what the job leaves open, which its estimate counts");
    String before = ": ";
    for (Phrase other : others) {
      sentence = sentence.and(Phrase.of(before)).and(other);
      before = "; ";
    }
    return new Notice(Optional.empty(), sentence);
  }

  /** Whether a key decides anything in the job as it is. */
  private static boolean matters(JobKey key, ResolvedJob job) {
    Strategy strategy = job.parallelism().strategy();
    return switch (key) {
      case CHECKPOINTING_REENTRANT -> job.checkpointing() != Checkpointing.NONE;
      case REDUCE_DTYPE -> job.parallelism().gpus() > 1;
      case ROOT_GROUP -> strategy == Strategy.FSDP2;
      case RESHARD_AFTER_FORWARD -> strategy.isFsdp();
      default -> !OUTSIDE.contains(key);
    };
  }

  /** What holds without the key need not be said. */
  private static boolean isUsual(ResolvedValue value) {
    return value.key().defaultValue().filter(value.value()::equals).isPresent();
  }

  private static boolean isSame(ResolvedValue wanted, Optional<ResolvedValue> done) {
    return done.filter(value -> comparable(value).equals(comparable(wanted))).isPresent();
  }

  private static Object comparable(ResolvedValue value) {
    return value.value() instanceof List<?> list ? Set.copyOf(list) : value.value();
  }

  private static String text(ResolvedValue value) {
    Object plain = value.isLeftOpen() ? value.value() : value.key().kind().plain(value.value());
    boolean none = plain instanceof Collection<?> list && list.isEmpty();
    return none ? "none" : Shown.oneLine(Shown.value(plain));
  }
}
