package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.NarrowRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which compute in few bits is modelled beside {@link FakeQuantisation}, of a model that is trained
 * whole: float8 of torchao, fp8 and MXFP8 of TransformerEngine as accelerate puts it into a model,
 * and its fp8, MXFP8 and NVFP4 as Megatron-Core builds layers of it.
 */
final class LowPrecision {

  private static final String MS_AMP = "ms-amp";

  private static final Set<Strategy> RUN_UNDER = EnumSet.of(Strategy.NONE, Strategy.DDP);

  private LowPrecision() {}

  /**
   * What nobody has counted of other code. MS-AMP stores weights, gradients and states in other
   * dtypes (msamp/optim/adamw.py).
   */
  private static Gap unknown(PartialJob d, Gap gap) {
    String scheme = d.get(JobKey.TRAINING_SCHEME, String.class);
    Gap named = gap.and(" ", scheme);
    if (d.isSet(JobKey.TRAINING_IMPLEMENTATION, MS_AMP)) {
      return named
          .and(" of ", MS_AMP)
          .needs("which dtypes weights, gradients and states of its optimizer are stored in");
    }
    return named.needs("which copies and scales of blocks are kept beside weights in 16 bits");
  }

  /** Why the scheme is not modelled; empty where it is, or there is none. */
  static Optional<Gap> missing(PartialJob d) {
    if (!d.differs(JobKey.TRAINING_SCHEME) || FakeQuantisation.isAsked(d)) {
      return Optional.empty();
    }
    Gap gap = Gap.about(JobKey.TRAINING_SCHEME);
    NarrowLinears linears = NarrowRules.linears(d);
    if (linears == NarrowLinears.NONE && othersOnMegatron(d)) {
      return Optional.of(
          gap.and(" ", d.get(JobKey.TRAINING_SCHEME, String.class), " of ", implementation(d))
              .and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON)
              .modelled(NarrowRules.TRANSFORMER_ENGINE));
    }
    if (linears == NarrowLinears.NONE) {
      return Optional.of(
          unknown(d, gap)
              .modelled(
                  NarrowLinears.FP8,
                  " of ",
                  NarrowRules.TORCHAO,
                  " and ",
                  NarrowRules.TRANSFORMER_ENGINE));
    }
    if (d.method() != Method.FULL) {
      return Optional.of(gap.and(" with ", JobKey.METHOD, " ", d.method()).modelled("full"));
    }
    if (d.strategy() == Strategy.MEGATRON) {
      return besideMegatron(d, gap);
    }
    if (d.whole(JobKey.TENSOR) > 1) {
      return Optional.of(gap.and(" with ", JobKey.TENSOR, " ", d.whole(JobKey.TENSOR)));
    }
    return linears.areEngines() ? besideEngine(d) : Optional.empty();
  }

  /** Megatron's layers are TransformerEngine's; MS-AMP says itself what is not known of it. */
  private static boolean othersOnMegatron(PartialJob d) {
    return d.strategy() == Strategy.MEGATRON
        && d.isSet(JobKey.TRAINING_IMPLEMENTATION, NarrowRules.TORCHAO);
  }

  /** Nanotron has strategies of Megatron's, and layers of its own. */
  private static Optional<Gap> besideMegatron(PartialJob d, Gap gap) {
    if (!d.always(SpreadCode.SUMS_LATE)) {
      return Optional.empty();
    }
    String framework = d.get(JobKey.FRAMEWORK_NAME, String.class);
    return Optional.of(gap.and(" under ", JobKey.FRAMEWORK_NAME, " ", framework));
  }

  /**
   * Under FSDP2 accelerate puts no {@code fp8_autocast} around the model, whose linears it has
   * replaced (accelerator.py _prepare_fsdp2), so that products run in bf16. DeepSpeed's engine
   * reads the Trainer's bf16 and fp16, which have to be off for accelerate's fp8.
   */
  private static Optional<Gap> besideEngine(PartialJob d) {
    Gap gap = Gap.about(JobKey.TRAINING_SCHEME).and(" of ", NarrowRules.TRANSFORMER_ENGINE);
    if (!d.always(LoopCode.PREPARED_BY_ACCELERATE)) {
      String framework = d.get(JobKey.FRAMEWORK_NAME, String.class);
      return Optional.of(
          gap.and(" under ", JobKey.FRAMEWORK_NAME, " ", framework)
              .needs("which of its modules are TransformerEngine's"));
    }
    Strategy strategy = d.strategy();
    if (!RUN_UNDER.contains(strategy)) {
      return Optional.of(
          gap.and(" under ", JobKey.STRATEGY, " ", strategy)
              .needs(
                  strategy == Strategy.FSDP2
                      ? "what its linears make of gathered weights in 16 bits, as accelerate puts"
                          + " no fp8_autocast around them"
                      : "what its linears keep of an engine's weights that stay in fp32")
              .modelled(Strategy.NONE, ", ", Strategy.DDP));
    }
    Stream<JobKey> others = Stream.of(JobKey.CONTEXT, JobKey.PIPELINE);
    List<JobKey> beside =
        Stream.concat(
                others.filter(key -> d.whole(key) > 1),
                Stream.of(JobKey.COMPILE, JobKey.TILED_MLP).filter(d::yes))
            .toList();
    return beside.stream().findFirst().map(key -> gap.and(" with ", key));
  }

  /**
   * What stands where the model has linears.
   *
   * @throws dev.vramcast.core.input.InputException where accelerate, DeepSpeed or a recipe refuses
   *     such a job, or one that is modelled stops at its checkpoints
   */
  static NarrowLinears linears(PartialJob d, Checkpointing checkpointing) {
    checkRecipe(d);
    checkPrepared(d);
    boolean stops =
        checkpointing != Checkpointing.NONE
            && NarrowRules.needReentrantCheckpoints(d)
            && !d.yes(JobKey.CHECKPOINTING_REENTRANT);
    if (stops && missing(d).isEmpty()) {
      throw InputError.about(JobKey.TRAINING_IMPLEMENTATION)
          .at(d.document().place(JobKey.TRAINING_IMPLEMENTATION))
          .isSet(NarrowRules.TRANSFORMER_ENGINE)
          .and(", whose linears run again without fp8, which reentrant checkpoints alone take")
          .allowed(JobKey.CHECKPOINTING_REENTRANT, " true, or ", JobKey.CHECKPOINTING, " none")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    return NarrowRules.linears(d);
  }

  /** Recipes are of TransformerEngine's fp8, of which accelerate has one alone. */
  private static void checkRecipe(PartialJob d) {
    if (!d.isSet(JobKey.TRAINING_RECIPE) || !d.differs(JobKey.TRAINING_SCHEME)) {
      return;
    }
    boolean ofFp8 = d.isSet(JobKey.TRAINING_SCHEME, NarrowLinears.FP8);
    if (!ofFp8) {
      d.warnIgnored(
          JobKey.TRAINING_RECIPE,
          JobKey.TRAINING_SCHEME,
          d.get(JobKey.TRAINING_SCHEME, String.class));
    } else if (!NarrowRules.linears(d).areEngines()) {
      d.warnIgnored(JobKey.TRAINING_RECIPE, JobKey.TRAINING_IMPLEMENTATION, implementation(d));
    } else if (d.strategy() != Strategy.MEGATRON
        && !d.isSet(JobKey.TRAINING_RECIPE, NarrowRules.DELAYED)) {
      throw InputError.about(JobKey.TRAINING_RECIPE)
          .at(d.document().place(JobKey.TRAINING_RECIPE))
          .isSet(d.get(JobKey.TRAINING_RECIPE, String.class))
          .but("accelerate makes ", NarrowRules.DELAYED, " scaling alone")
          .allowed(NarrowRules.DELAYED, ", or ", JobKey.STRATEGY, " ", Strategy.MEGATRON)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** Whose code computes in few bits: torchao's where nobody says it. */
  private static String implementation(PartialJob d) {
    return d.isSet(JobKey.TRAINING_IMPLEMENTATION)
        ? d.get(JobKey.TRAINING_IMPLEMENTATION, String.class)
        : NarrowRules.TORCHAO;
  }

  /**
   * accelerate/accelerator.py _prepare_te wants model and optimizer together, which the Trainer
   * does not have under FSDP1; apply_fp8_autowrap (utils/transformer_engine.py) knows two recipes;
   * utils/dataclasses.py DeepSpeedPlugin refuses MS-AMP at stage 3.
   */
  private static void checkPrepared(PartialJob d) {
    if (!d.differs(JobKey.TRAINING_SCHEME) || !d.always(LoopCode.PREPARED_BY_ACCELERATE)) {
      return;
    }
    boolean engines = d.isSet(JobKey.TRAINING_IMPLEMENTATION, NarrowRules.TRANSFORMER_ENGINE);
    boolean onMegatron = d.strategy() == Strategy.MEGATRON;
    if (engines && d.isSet(JobKey.TRAINING_SCHEME, NarrowLinears.NVFP4) && !onMegatron) {
      throw InputError.about(JobKey.TRAINING_SCHEME)
          .at(d.document().place(JobKey.TRAINING_SCHEME))
          .isSet(NarrowLinears.NVFP4)
          .but("accelerate asks ", NarrowRules.TRANSFORMER_ENGINE, " for no such recipe")
          .allowed(NarrowLinears.FP8, ", ", NarrowLinears.MXFP8)
          .refusal();
    }
    boolean late = engines && d.strategy() == Strategy.FSDP1;
    boolean divides =
        d.isSet(JobKey.TRAINING_IMPLEMENTATION, MS_AMP) && d.strategy() == Strategy.ZERO3;
    if (late || divides) {
      throw InputError.about(JobKey.TRAINING_IMPLEMENTATION)
          .at(d.document().place(JobKey.TRAINING_IMPLEMENTATION))
          .isSet(d.get(JobKey.TRAINING_IMPLEMENTATION, String.class))
          .but("accelerate refuses it under ", JobKey.STRATEGY, " ", d.strategy())
          .and(late ? ", whose optimizer is made behind the model" : "")
          .allowed(JobKey.STRATEGY, " none, ddp")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }
}
