package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.code.LoopCode;
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
 * whole: float8 of torchao, and fp8 and MXFP8 of TransformerEngine as accelerate puts it into a
 * model.
 */
final class LowPrecision {

  private static final String MS_AMP = "ms-amp";

  private static final Set<Strategy> RUN_UNDER = EnumSet.of(Strategy.NONE, Strategy.DDP);

  private LowPrecision() {}

  /**
   * What nobody has counted of other code. Megatron's layers keep more of TransformerEngine than
   * its linears: norms and MLPs are fused with them, and weights may be stored in 8 bits; MS-AMP
   * stores weights, gradients and states in other dtypes (msamp/optim/adamw.py).
   */
  private static Gap unknown(PartialJob d, Gap gap) {
    String scheme = d.get(JobKey.TRAINING_SCHEME, String.class);
    Gap named = gap.and(" ", scheme);
    if (d.isSet(JobKey.TRAINING_IMPLEMENTATION, MS_AMP)) {
      return named
          .and(" of ", MS_AMP)
          .needs("which dtypes weights, gradients and states of its optimizer are stored in");
    }
    if (d.strategy() == Strategy.MEGATRON) {
      return named
          .and(" of ", NarrowRules.TRANSFORMER_ENGINE)
          .and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON)
          .needs(
              "which narrow copies fused norms, linears and experts keep by recipe, and whether"
                  + " weights are stored in 8 bits");
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
    if (d.whole(JobKey.TENSOR) > 1) {
      return Optional.of(gap.and(" with ", JobKey.TENSOR, " ", d.whole(JobKey.TENSOR)));
    }
    return linears.areEngines() ? besideEngine(d) : Optional.empty();
  }

  /**
   * Under FSDP2 accelerate puts no {@code fp8_autocast} around the model, whose linears it has
   * replaced (accelerator.py _prepare_fsdp2), so that products run in bf16.
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
              .needs("what its linears keep of weights that are gathered")
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
   * @throws dev.vramcast.core.input.InputException where such a job is modelled and stops at its
   *     checkpoints
   */
  static NarrowLinears linears(PartialJob d, Checkpointing checkpointing) {
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
}
