package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;

/** What must hold where ranks share a sequence. */
final class SequenceChecks {

  private final Architecture architecture;
  private final ResolvedJob job;
  private final Parallelism degrees;

  private SequenceChecks(Architecture architecture, ResolvedJob job) {
    this.architecture = architecture;
    this.job = job;
    this.degrees = job.parallelism();
  }

  static void check(Architecture architecture, ResolvedJob job) {
    if (job.parallelism().context() > 1) {
      SequenceChecks checks = new SequenceChecks(architecture, job);
      checks.checkFramework();
      checks.checkStage();
      checks.checkLength();
      checks.checkKernel();
      checks.checkChoice();
      if (job.parallelism().sequenceScheme() == SequenceScheme.ULYSSES) {
        checks.checkHeads();
      }
    }
  }

  private void checkFramework() {
    if (!job.frameworkCode().get(SpreadCode.DIVIDES_SEQUENCES)) {
      throw InputError.about(JobKey.CONTEXT)
          .isSet(degrees.context())
          .but("what runs the job by ", JobKey.FRAMEWORK_NAME, " keeps sequences whole")
          .allowed("1")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** Megatron-Core divides sequences below its callers' losses. */
  private void checkStage() {
    Stage stage = job.objective().stage();
    if (degrees.strategy() == Strategy.MEGATRON) {
      return;
    }
    if (job.frameworkCode().get(SpreadCode.WHOLE_STAGES).contains(stage)) {
      throw InputError.about(JobKey.CONTEXT)
          .isSet(degrees.context())
          .but(JobKey.STAGE, " ", stage, " of what runs the job by ", JobKey.FRAMEWORK_NAME)
          .and(" keeps sequences whole")
          .allowed("1")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    if (!job.frameworkCode().get(SpreadCode.DIVIDED_STAGES).contains(stage)) {
      throw Gap.value(JobKey.STAGE, stage)
          .and(" under ", JobKey.CONTEXT, " ", degrees.context())
          .needs("what its trainer makes of a part of a sequence")
          .modelled(JobKey.CONTEXT, " 1")
          .refusal();
    }
  }

  private void checkLength() {
    long sequence = job.batch().sequenceLength();
    int multiple = degrees.sequenceMultiple();
    if (sequence % multiple != 0) {
      throw InputError.about(JobKey.CONTEXT)
          .isSet(degrees.context())
          .but(JobKey.SEQUENCE_LENGTH, " ", sequence, " is not a multiple of ", multiple)
          .allowed("lengths divisible by ", multiple)
          .refusal();
    }
  }

  /** accelerate's and DeepSpeed's drop masks, which attention written in Python needs. */
  private void checkKernel() {
    if (job.attention() == AttentionKernel.EAGER && degrees.strategy() != Strategy.MEGATRON) {
      throw InputError.about(JobKey.ATTENTION)
          .isSet(AttentionKernel.EAGER)
          .but(JobKey.CONTEXT, " ", degrees.context(), " drops the mask that it needs")
          .allowed("sdpa, flash, flex")
          .refusal();
    }
  }

  /** What of a mask of each layer's own a rank would have is not transcribed. */
  private void checkChoice() {
    if (architecture.hasLayer(layer -> hidesBlocks(layer.mixer()))) {
      throw Gap.value(JobKey.CONTEXT, degrees.context())
          .and(" of attention to chosen blocks of keys")
          .modelled(JobKey.CONTEXT, " 1")
          .refusal();
    }
  }

  private static boolean hidesBlocks(TokenMixer mixer) {
    return mixer instanceof Attention attention && attention.blocks().isPresent();
  }

  /** deepspeed/runtime/sequence_parallel/ulysses_sp.py UlyssesSPAttentionHF.__init__. */
  private void checkHeads() {
    architecture.distinctLayers().forEach(layer -> checkHeads(layer.mixer()));
  }

  private void checkHeads(TokenMixer mixer) {
    if (mixer instanceof Attention attention) {
      checkHeads(attention.heads(), attention.kvHeads());
    } else if (mixer instanceof LatentAttention latent) {
      checkHeads(latent.heads(), latent.heads());
    }
  }

  private void checkHeads(int heads, int kvHeads) {
    int ranks = degrees.context();
    boolean divides = kvHeads % ranks == 0 || ranks % kvHeads == 0;
    if (heads % ranks != 0 || !divides) {
      throw InputError.about(JobKey.CONTEXT)
          .isSet(ranks)
          .but(JobKey.SEQUENCE_SCHEME, " ulysses divides ", heads)
          .and(" heads and ", kvHeads, " of keys and values")
          .allowed("a divisor of both, or a multiple of the latter that divides the former")
          .refusal();
    }
    boolean rings =
        job.frameworkCode().get(AttentionCode.ULYSSES) == AttentionCode.Ulysses.PERMUTED;
    if (rings && kvHeads % ranks != 0) {
      // swift/sequence_parallel/sequence_parallel.py _init_device_mesh: a ring over the rest.
      throw Gap.value(JobKey.CONTEXT, ranks)
          .and(" beyond the ", kvHeads, " heads of keys and values, where a ring begins")
          .modelled(JobKey.CONTEXT, " up to ", kvHeads)
          .refusal();
    }
  }
}
