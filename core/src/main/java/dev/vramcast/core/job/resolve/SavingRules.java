package dev.vramcast.core.job.resolve;

import static dev.vramcast.core.units.Multiples.GIB;
import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.MachineSettings;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SaveCode.Consolidator;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** What a job saves where it says nothing: as its framework's code does. */
final class SavingRules {

  /** Adapters that are products of two factors, and no more. */
  private static final Set<Method> PRODUCTS = EnumSet.of(Method.LORA, Method.RSLORA, Method.QLORA);

  private SavingRules() {}

  /**
   * The saving of a job.
   *
   * @throws InputException when adapters are to be saved or merged where none are trained
   */
  static Saving saving(PartialJob d, FrameworkCode code) {
    check(d);
    SavedState state = given(d, JobKey.SAVED_STATE, SavedState.class).orElseGet(() -> own(d, code));
    boolean states =
        given(d, JobKey.SAVE_ONLY_MODEL, Boolean.class)
            .map(only -> !only)
            .orElse(code.is(SaveCode.STATES));
    Saving saving =
        new Saving(
            state,
            given(d, JobKey.SAVED_ON_GPU, Boolean.class).orElse(false),
            SaveCode.interval(
                code.get(SaveCode.INTERVAL),
                given(d, JobKey.SAVE_STRATEGY, SaveCode.Moment.class).orElse(null),
                given(d, JobKey.SAVE_INTERVAL, Integer.class).orElse(null)),
            given(d, JobKey.SAVE_LIMIT, Integer.class)
                .map(SaveCode.Kept::new)
                .orElse(code.get(SaveCode.KEPT)),
            states,
            d.yes(JobKey.RESUME),
            last(d, code, state, states));
    if (saving.alone() && saving.leavesWeights()) {
      throw nothingToDo(d);
    }
    return saving;
  }

  private static void check(PartialJob d) {
    boolean adapters = d.method().trainsAdapters();
    if (!adapters && d.isSet(JobKey.SAVED_STATE, SavedState.ADAPTER)) {
      throw contradiction(d, JobKey.SAVED_STATE, SavedState.ADAPTER.label());
    } else if (!adapters && d.yes(JobKey.MERGE)) {
      throw contradiction(d, JobKey.MERGE, "true");
    } else if (putsShardsTogether(d) && !writesShards(d)) {
      throw noShards(d);
    }
  }

  /** Whether a job does no more than put together the shards that another wrote. */
  private static boolean putsShardsTogether(PartialJob d) {
    return d.yes(JobKey.WEIGHTS_ALONE) && d.yes(JobKey.CONSOLIDATE);
  }

  /** What the framework saves by its own. */
  private static SavedState own(PartialJob d, FrameworkCode code) {
    return putsShardsTogether(d) ? SavedState.SHARDED : state(d, code, d.method().trainsAdapters());
  }

  /** unsloth/save.py save_pretrained_gguf: weights are merged and written in 16 bits first. */
  private static Saving.Last last(
      PartialJob d, FrameworkCode code, SavedState state, boolean states) {
    Optional<GgufType> gguf = given(d, JobKey.GGUF, GgufType.class);
    boolean merges = d.yes(JobKey.MERGE) || d.method().trainsAdapters() && gguf.isPresent();
    return new Saving.Last(
        d.yes(JobKey.CONSOLIDATE) ? consolidator(d, code, state, states) : Optional.empty(),
        merges
            ? Optional.of(
                given(d, JobKey.MERGE_DEVICE, MergeDevice.class).orElse(code.get(SaveCode.MERGE)))
            : Optional.empty(),
        gguf,
        d.yes(JobKey.WEIGHTS_ALONE));
  }

  private static InputException nothingToDo(PartialJob d) {
    return InputError.about(JobKey.WEIGHTS_ALONE)
        .at(d.document().place(JobKey.WEIGHTS_ALONE))
        .and(" true leaves nothing to do")
        .kind(ErrorKind.CONTRADICTION)
        .hint(
            JobKey.MERGE,
            " true, ",
            JobKey.CONSOLIDATE,
            " true or ",
            JobKey.GGUF,
            " says what is done with the weights")
        .refusal();
  }

  /** Where a job that does no more merges adapters, which decides what it takes of which memory. */
  static Optional<ResolvedValue> mergeDevice(PartialJob d, Saving saving) {
    return d.isSet(JobKey.MERGE_DEVICE) || !saving.alone()
        ? Optional.empty()
        : saving
            .merge()
            .map(
                device ->
                    new ResolvedValue(
                        JobKey.MERGE_DEVICE,
                        device,
                        Provenance.FRAMEWORK_DEFAULT,
                        "where its framework merges"));
  }

  /**
   * DeepSpeed's program needs the fp32 weights that are written with the states of the optimizer
   * (deepspeed/runtime/engine.py _create_zero_checkpoint), beside whole 16-bit weights too.
   */
  private static Optional<Consolidator> consolidator(
      PartialJob d, FrameworkCode code, SavedState state, boolean states) {
    boolean zero = d.strategy().isZero();
    if (zero && state == SavedState.FULL && !states) {
      d.warnIgnored(JobKey.CONSOLIDATE, JobKey.SAVE_ONLY_MODEL, true);
      return Optional.empty();
    } else if (state == SavedState.ADAPTER || !zero && state == SavedState.FULL) {
      d.warnIgnored(JobKey.CONSOLIDATE, JobKey.SAVED_STATE, state);
      return Optional.empty();
    }
    return Optional.of(SaveCode.consolidator(code, d.strategy()));
  }

  /**
   * Shards that a program has to put together which nobody described; empty where there is none.
   */
  static Optional<Gap> missing(Saving saving) {
    return saving.last().consolidator().filter(tool -> tool == Consolidator.NONE).isPresent()
        ? Optional.of(
            Gap.value(JobKey.CONSOLIDATE, true)
                .needs(
                    "what the program loads at once that puts the shards of this framework"
                        + " together"))
        : Optional.empty();
  }

  /** What file by file was not read of: other adapters than low-rank products, and experts. */
  static Optional<Gap> missing(PartialJob d, Saving saving) {
    if (saving.merge().filter(MergeDevice.FILE_BY_FILE::equals).isEmpty()) {
      return Optional.empty();
    }
    Gap gap = Gap.value(JobKey.MERGE_DEVICE, MergeDevice.FILE_BY_FILE);
    if (!PRODUCTS.contains(d.method())) {
      return Optional.of(
          gap.and(" of ", d.method(), " adapters")
              .modelled(JobKey.METHOD, " lora, rslora, qlora, or ", JobKey.MERGE_DEVICE, " gpu"));
    }
    boolean experts =
        d.model().stream()
            .flatMap(model -> model.layers().stream())
            .flatMap(run -> run.period().stream())
            .anyMatch(layer -> layer.mlp() instanceof MixtureOfExperts);
    return experts
        ? Optional.of(
            gap.and(" of a model with experts")
                .needs("how many experts' weights are put together at once")
                .modelled(JobKey.MERGE_DEVICE, " gpu"))
        : Optional.empty();
  }

  /** By DDP and on one GPU every rank has whole weights. */
  private static boolean writesShards(PartialJob d) {
    return d.strategy() != Strategy.NONE && d.strategy() != Strategy.DDP;
  }

  private static InputException noShards(PartialJob d) {
    return InputError.about(JobKey.CONSOLIDATE)
        .at(d.document().place(JobKey.CONSOLIDATE))
        .and(" true has no shards to put together: ", JobKey.STRATEGY, " ", d.strategy())
        .and(" writes whole weights")
        .kind(ErrorKind.CONTRADICTION)
        .hint(JobKey.STRATEGY, " fsdp1, fsdp2, zero2 or zero3 says who wrote shards")
        .refusal();
  }

  private static InputException contradiction(PartialJob d, JobKey key, String value) {
    return InputError.about(key)
        .and(" ", value, " contradicts ", JobKey.METHOD, " ", d.method())
        .and(", which trains no adapters")
        .kind(ErrorKind.CONTRADICTION)
        .refusal();
  }

  private static SavedState state(PartialJob d, FrameworkCode code, boolean adapters) {
    if (adapters && code.get(SaveCode.WRITER) != SaveCode.Writer.DCP) {
      return SavedState.ADAPTER;
    }
    return switch (d.strategy()) {
      case NONE, DDP, ZERO1, ZERO2 -> SavedState.FULL;
      case FSDP1 -> of(code.get(SaveCode.FSDP1));
      case FSDP2 -> of(code.get(SaveCode.FSDP2));
      case ZERO3 -> code.is(SaveCode.GATHERS_ZERO3) ? SavedState.FULL : SavedState.SHARDED;
      case MEGATRON -> SavedState.SHARDED;
    };
  }

  private static SavedState of(SaveCode.StateDict dict) {
    return dict == SaveCode.StateDict.FULL ? SavedState.FULL : SavedState.SHARDED;
  }

  /** What is said of the machines. */
  static MachineSettings machine(PartialJob d) {
    return new MachineSettings(
        bytes(d, JobKey.HOST_MEMORY),
        bytes(d, JobKey.DISK),
        given(d, JobKey.LOADER_WORKERS, Integer.class).orElse(0),
        given(d, JobKey.FIRST_RANK_LOADS, Boolean.class));
  }

  /** Bits a second between machines. */
  static OptionalDouble network(PartialJob d) {
    return given(d, JobKey.NETWORK, Double.class).stream()
        .mapToDouble(gigabits -> gigabits * GIGA)
        .findFirst();
  }

  private static OptionalLong bytes(PartialJob d, JobKey key) {
    return given(d, key, Double.class).stream()
        .mapToLong(gibibytes -> Math.round(gibibytes * GIB))
        .findFirst();
  }

  /** What the job says itself: where it says nothing the framework's code decides. */
  private static <T> Optional<T> given(PartialJob d, JobKey key, Class<T> type) {
    return d.isSet(key) ? Optional.of(d.get(key, type)) : Optional.empty();
  }
}
