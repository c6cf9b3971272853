package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.code.ExpertExecution;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.core.module.experts.MixtureFactory;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What must hold between a job and the architecture it trains. */
public final class JobChecks {

  /** More tokens than any memory holds, few enough that sizes fit 64 bits. */
  private static final long MOST_TOKENS = 1L << 30;

  /** As {@link #MOST_TOKENS}, of the elements of attention scores. */
  private static final double MOST_SCORES = 1L << 58;

  /** More attention heads than any model has. */
  private static final double MOST_HEADS = 512;

  private JobChecks() {}

  public static void check(Architecture architecture, ResolvedJob job) {
    checkModelled(architecture, job);
    LibraryChecks.checkClasses(architecture, job);
    ParallelChecks.check(architecture, job);
    ShardChecks.check(architecture, job);
    checkSize(job);
    TileChecks.check(architecture, job);
    ImageChecks.check(architecture, job);
    SoundChecks.check(architecture, job);
    LayerSharingChecks.check(architecture, job);
    checkFreezing(architecture, job);
    checkReentrant(job);
    checkBase(architecture, job);
    checkFusedHead(architecture, job);
    checkCorrections(job);
    NarrowChecks.check(architecture, job);
    job.adapter().ifPresent(adapter -> AdapterChecks.check(architecture, adapter, job));
    job.adapter().ifPresent(adapter -> TunerChecks.check(architecture, adapter, job));
    job.adapter().ifPresent(adapter -> LibraryChecks.check(architecture, adapter, job));
  }

  /**
   * Whether all that the job asks for is described, on whatever model it is.
   *
   * @throws UnsupportedJobException naming what is not
   */
  public static void checkModelled(ResolvedJob job) {
    if (!job.notModelled().isEmpty()) {
      throw new UnsupportedJobException(job.notModelled());
    }
  }

  /**
   * As {@link #checkModelled(ResolvedJob)}, where no model is known, which images take.
   *
   * @throws UnsupportedJobException as there
   */
  public static void checkWithoutModel(ResolvedJob job) {
    checkModelled(job);
    int images = job.batch().images().count();
    if (images > 0) {
      throw Gap.value(JobKey.IMAGES, images).needs("a model that reads images").refusal();
    }
    if (job.batch().hasSound()) {
      throw Gap.about(JobKey.AUDIO_SECONDS).needs("a model that hears sound").refusal();
    }
  }

  /** As {@link #checkModelled(ResolvedJob)}, on a model, whose layers and head matter too. */
  public static void checkModelled(Architecture architecture, ResolvedJob job) {
    checkModelled(job);
    SoundChecks.checkModelled(architecture, job);
    LayerSharingChecks.checkModelled(architecture, job);
    checkClassifier(architecture, job);
    checkRelease(architecture, job);
    if (job.objective().stage() == Stage.MASKED_LM && !architecture.head().predictsHidden()) {
      throw notModelled(architecture, job);
    }
    if (job.quantization().experts() && !quantisesStacks(architecture, job)) {
      throw Gap.about(JobKey.QUANTIZED_EXPERTS).and(" of a ", architecture.modelType()).refusal();
    }
    if (job.torchMixers() && hasMixer(architecture, mixer -> !runsInTorch(mixer, job))) {
      throw Gap.value(JobKey.MIXER, "torch").refusal();
    }
    checkKeptStates(architecture, job);
    boolean whole =
        hasMixer(architecture, mixer -> mixer.kind() == RecurrentMixer.Kind.INNER_MAMBA);
    if (whole && !job.torchMixers() && !job.quantization().isNone()) {
      throw Gap.about(JobKey.QUANTIZATION_SCHEME)
          .and(" of a ", architecture.modelType(), ", whose kernel takes whole weights")
          .refusal();
    }
  }

  /**
   * transformers RecurrentGemmaRglru keeps its last state, and so the graph of a recomputed layer,
   * until the next step.
   */
  private static void checkKeptStates(Architecture architecture, ResolvedJob job) {
    boolean keeps = hasMixer(architecture, mixer -> mixer.kind() == RecurrentMixer.Kind.GATED_UNIT);
    if (keeps && job.checkpointing() != Checkpointing.NONE) {
      throw Gap.value(JobKey.CHECKPOINTING, job.checkpointing())
          .and(" of a ", architecture.modelType())
          .refusal();
    }
  }

  /** flashoptim/optimizers.py _ensure_state_initialized: its kernels take no tensors of a CPU. */
  private static void checkCorrections(ResolvedJob job) {
    boolean offloaded =
        job.parallelism().offload().contains(OffloadTarget.OPTIMIZER)
            || job.parallelism().offload().contains(OffloadTarget.PARAMETERS);
    if (job.optimizer().name() == OptimizerName.FLASH_ADAMW && offloaded) {
      throw InputError.about(JobKey.OPTIMIZER_NAME)
          .isSet(job.optimizer().name())
          .and(
              ", which steps on the GPU alone, but ",
              JobKey.OFFLOAD,
              " has parameters or optimizer")
          .allowed("another optimizer, or ", JobKey.OFFLOAD, " without these")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** Experts that are linears are quantised as such, and those of two dimensions are left. */
  private static boolean quantisesStacks(Architecture architecture, ResolvedJob job) {
    StepSettings settings = new StepSettings(job, architecture.traits());
    if (job.quantization().scheme().ofStacksAlone()) {
      return MixtureFactory.snaps(architecture.mixtures(), settings);
    }
    return !settings.code().mixture().fusedExperts()
        || architecture.mixtures().stream()
            .noneMatch(mixture -> ExpertExecution.of(mixture, settings) == ExpertExecution.SPLIT);
  }

  private static boolean hasMixer(Architecture architecture, Predicate<RecurrentMixer> wanted) {
    return architecture
        .distinctLayers()
        .flatMap(layer -> parts(layer.mixer()))
        .filter(RecurrentMixer.class::isInstance)
        .map(RecurrentMixer.class::cast)
        .anyMatch(wanted);
  }

  private static Stream<TokenMixer> parts(TokenMixer mixer) {
    return mixer instanceof ParallelMixers parallel ? parallel.mixers().stream() : Stream.of(mixer);
  }

  /** Whether the mixer's code in plain PyTorch is described. */
  private static boolean runsInTorch(RecurrentMixer mixer, ResolvedJob job) {
    return switch (mixer.kind()) {
      case GATED_DELTA,
          CHANNEL_DELTA,
          BOUNDED_CHANNEL_DELTA,
          SHORT_CONVOLUTION,
          LIGHTNING,
          GATED_UNIT ->
          true;
      case MAMBA, INNER_MAMBA, MAMBA2 -> job.framework().transformers().atLeast(5, 18);
    };
  }

  /** A model is in some releases alone, or its code described of some alone. */
  private static void checkRelease(Architecture architecture, ResolvedJob job) {
    ModelTraits traits = architecture.traits();
    for (Versions some : List.of(traits.source().released(), traits.source().described())) {
      Version release = job.framework().transformers();
      if (!job.frameworkCode().hasOwnModels() && !some.contains(release)) {
        throw Gap.value(JobKey.TRANSFORMERS_VERSION, release)
            .and(" with model type ", architecture.modelType())
            .modelled("Transformers ", some.from().major(), ".", some.from().minor(), " and later")
            .refusal();
      }
    }
  }

  private static void checkClassifier(Architecture architecture, ResolvedJob job) {
    if (job.objective().classes().isEmpty()) {
      return;
    }
    Head.Kind kind =
        job.objective().classifiesTokens()
            ? Head.Kind.TOKEN_CLASSIFICATION
            : Head.Kind.SEQUENCE_CLASSIFICATION;
    if (architecture.head().kind() != kind) {
      throw notModelled(architecture, job);
    }
    if (job.parallelism().tensor() > 1) {
      throw stage(job).and(" under ", JobKey.TENSOR).refusal();
    }
  }

  private static UnsupportedJobException notModelled(Architecture architecture, ResolvedJob job) {
    return stage(job).and(" of a ", architecture.modelType()).refusal();
  }

  private static Gap stage(ResolvedJob job) {
    return Gap.value(JobKey.STAGE, job.objective().stage());
  }

  private static void checkSize(ResolvedJob job) {
    checkSize(JobKey.MICRO_BATCH, job.batch());
    job.evaluation().ifPresent(e -> checkSize(JobKey.EVALUATION_BATCH, e.batch(job.batch())));
  }

  private static void checkSize(JobKey key, Batch batch) {
    long sequence = batch.sequenceLength();
    long tokens = batch.tokens();
    if (tokens > MOST_TOKENS || (double) tokens * sequence * MOST_HEADS > MOST_SCORES) {
      throw InputError.about(key)
          .and(
              " ",
              batch.microBatch(),
              " x ",
              JobKey.SEQUENCE_LENGTH,
              " ",
              sequence,
              " is too large for any memory")
          .refusal();
    }
  }

  private static void checkFreezing(Architecture architecture, ResolvedJob job) {
    int layers = architecture.layerCount();
    int trained = job.trainableLayers().count();
    // _setup_freeze_tuning of LLaMA-Factory takes all where more are asked for, unless it divides.
    boolean divides = job.trainableLayers().place() == TrainedLayers.Place.SPREAD;
    if (divides && trained > layers) {
      throw InputError.about(JobKey.TRAINABLE_LAYERS)
          .isSet(trained)
          .and(", which is more than the model has")
          .kind(ErrorKind.CONTRADICTION)
          .allowed("1 to ", layers)
          .refusal();
    }
    if (divides && !job.trainableLayers().fits(layers)) {
      throw InputError.about(JobKey.TRAINABLE_LAYERS)
          .isSet(trained)
          .but(JobKey.TRAINABLE_PLACE, " spread divides the ", layers, " layers evenly")
          .allowed("a divisor of ", layers)
          .refusal();
    }
  }

  /**
   * A reentrant checkpoint none of whose inputs requires a gradient gives its parameters none
   * (torch/utils/checkpoint.py, check_backward_validity), and the backward pass fails.
   */
  private static void checkReentrant(ResolvedJob job) {
    if (job.method() == Method.FREEZE && job.reentrantCheckpoints() && !job.inputsRequireGrad()) {
      throw InputError.about(JobKey.CHECKPOINTING)
          .kind(ErrorKind.CONTRADICTION)
          .and(
              " ",
              job.checkpointing(),
              " is reentrant, and with ",
              JobKey.METHOD,
              " freeze before Transformers 5 no input of the layers requires a gradient, so the"
                  + " backward pass fails")
          .allowed("none, or ", JobKey.CHECKPOINTING_REENTRANT, " false")
          .refusal();
    }
  }

  /** The fused head runs: ORPO and CPO have whole logits, distillation a head of its own. */
  private static boolean readsByTiles(ResolvedJob job) {
    Stage stage = job.objective().stage();
    if (!stage.isSupervised()) {
      return stage != Stage.DISTILLATION
          && job.frameworkCode().stages().head(stage).equals(Optional.of(StageHead.TILES));
    }
    return job.loss() == LossKernel.CHUNKED
        && job.frameworkCode().get(LossCode.CHUNKS) instanceof LossChunks.Tiles;
  }

  /**
   * Where experts are balanced, TRL's head reads their number under one name alone
   * (trl/trainer/utils.py add_fused_lm_head).
   */
  private static void checkFusedHead(Architecture architecture, ResolvedJob job) {
    if (readsByTiles(job) && architecture.traits().experts().router().uncounted()) {
      throw InputError.about(JobKey.LOSS)
          .isSet(job.loss())
          .but(
              "the config of this ",
              architecture.modelType(),
              " model has no num_experts, which TRL's head reads, so that training fails")
          .allowed("another trainer")
          .refusal();
    }
  }

  /** peft/tuners/lora: gptq.py and awq.py refuse DoRA, layer.py pissa_init a stored weight. */
  private static void checkBase(Architecture architecture, ResolvedJob job) {
    Quantization base = job.quantization();
    if (base.isNone()) {
      return;
    }
    boolean dora = job.adapter().isPresent() && job.adapter().get().dora();
    if (dora && (base.isPacked() || base.scheme() == QuantizationScheme.AQLM_2BIT)) {
      throw refused(job, "reads the weight, which PEFT cannot do here", "nf4, fp4, int8");
    }
    if (base.isPacked() && hasStacks(architecture, job)) {
      throw Gap.of(base.scheme(), " (", JobKey.QUANTIZATION_SCHEME, " or the model's name) of a ")
          .and(architecture.modelType(), " whose experts are one parameter")
          .needs("what loads such experts")
          .modelled("the original model")
          .refusal();
    }
    checkNames(job);
    if (job.method() == Method.PISSA) {
      throw refused(job, "decomposes float weights", "none");
    }
  }

  /** peft/tuners/tuners_utils.py _maybe_include_all_linear_layers looks for PyTorch's linears. */
  private static void checkNames(ResolvedJob job) {
    boolean all = job.adapter().filter(AdapterSettings::allLinear).isPresent();
    boolean found = job.frameworkCode().is(LayerCode.NAMES_LINEARS);
    if (all && !found && job.quantization().scheme() == QuantizationScheme.AQLM_2BIT) {
      throw InputError.about(JobKey.LORA_TARGETS)
          .kind(ErrorKind.CONTRADICTION)
          .has(AdapterSettings.ALL_LINEAR)
          .and(", which PEFT finds none of in a model of ", QuantizationScheme.AQLM_2BIT)
          .allowed("the names of linears")
          .refusal();
    }
  }

  /** GPTQ and AWQ pack linears, each by itself; stacks are none. */
  private static boolean hasStacks(Architecture architecture, ResolvedJob job) {
    StepSettings settings = new StepSettings(job, architecture.traits());
    return architecture.mixtures().stream()
        .anyMatch(mixture -> ExpertExecution.of(mixture, settings) != ExpertExecution.LOOPED);
  }

  private static InputException refused(ResolvedJob job, String why, String allowed) {
    return base(job).but(JobKey.METHOD, " ", job.method(), " ", why).allowed(allowed).refusal();
  }

  /** Begins to say that a base does not suit; it may be the name of the model that says it. */
  static InputError base(ResolvedJob job) {
    Quantization base = job.quantization();
    InputError error = InputError.about(JobKey.QUANTIZATION_SCHEME).isSet(base.scheme());
    return base.isPacked()
        ? error
            .and(", given or because the model's name says that its weights are stored so")
            .hint("where the name says it, name the original model")
        : error;
  }
}
