package dev.vramcast.core.code;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The facts about a job that the modules of the model ask for while they write their forward pass.
 *
 * @param code the modeling code that runs
 * @param card what SDPA asks of it
 * @param running what the pass runs over that is written now
 */
public record StepSettings(ResolvedJob job, ModelingCode code, SdpaCard card, RunningPass running) {

  /** trl/experimental/utils.py peft_module_casting_to_bf16. */
  private static final List<String> NARROWED = List.of("lm_head", "embed_tokens", "wte", "wpe");

  /** Where no card is asked for. */
  public StepSettings(ResolvedJob job, ModelTraits traits) {
    this(job, traits, SdpaCard.UNKNOWN);
  }

  public StepSettings(ResolvedJob job, ModelTraits traits, SdpaCard card) {
    this(
        job,
        new ModelingCode(
            job.frameworkCode().hasOwnModels() ? traits.elsewhere() : traits,
            job.framework().transformers()),
        card,
        new RunningPass.OverTokens(PassBatch.of(job.batch()), job.parallelism().context()));
  }

  /**
   * Of a vision tower in the same passes.
   *
   * @param traits what its code does
   * @param count images of a sequence, or recordings
   * @param tiles of an image
   * @param patches of a tile
   * @param together all of them stand in one sequence
   */
  public StepSettings ofImages(
      ModelTraits traits, int count, int tiles, int patches, boolean together) {
    int images = Math.multiplyExact(count, tiles);
    return new StepSettings(
        job,
        new ModelingCode(traits, code.version()),
        card,
        new RunningPass.OverPatches(running, images, patches, together));
  }

  /** Those of so many latents of each image, where this is a tower's. */
  public StepSettings ofLatents(int count) {
    return new StepSettings(job, code, card, new RunningPass.OverPatches(running, 1, count, false));
  }

  /** Sequences of the pass. */
  public long batch() {
    return running.sequences();
  }

  /** Tokens of a sequence on one rank: context parallelism divides them. */
  public long sequence() {
    return running.length();
  }

  /** Tokens of the pass on one rank. */
  public long tokens() {
    return batch() * sequence();
  }

  /**
   * Tokens of the pass whose label counts: no sequence's last, and of packed documents no first
   * (trl/trainer/sft_trainer.py DataCollatorForLanguageModeling).
   */
  public long scoredTokens() {
    Batch whole = job.batch();
    if (whole.packsDocuments()) {
      long documents = Math.max(1, tokens() / whole.sequenceLength()) * whole.segments();
      return Math.max(1, job.supervision().scored(tokens()) - documents);
    }
    long scored = Math.min(job.supervision().scored(sequence()), sequence() - 1);
    return batch() * Math.max(1, scored);
  }

  /** Tokens of the pass that are hidden and predicted. */
  public long hiddenTokens() {
    return batch() * Math.max(1, job.supervision().scored(sequence()));
  }

  /** What the framework's code does. */
  public FrameworkCode framework() {
    return job.frameworkCode();
  }

  /** Some frameworks leave the casts to FSDP where there is one. */
  public boolean autocast() {
    boolean past =
        job.objective().distilled().isPresent()
            && framework().stages().does(StageHabit.DISTILS_PAST_AUTOCAST);
    return job.autocast() && !past && !castsByFsdp();
  }

  private boolean castsByFsdp() {
    boolean beside = framework().is(LoopCode.AUTOCASTS_UNDER_FSDP);
    return switch (job.parallelism().strategy()) {
      case FSDP1 -> !beside;
      case FSDP2 ->
          !beside
              || (!framework().is(LoopCode.AUTOCASTS_UNDER_FSDP2)
                  && job.parallelism().tensor() == 1
                  && !framework().stages().autocasts(job.objective().stage()));
      case NONE, DDP, ZERO1, ZERO2, ZERO3, MEGATRON -> false;
    };
  }

  /** How the tokens between the parts of a layer are divided. */
  public SequenceSplit sequenceSplit() {
    boolean splits = job.parallelism().sequenceParallel();
    return new SequenceSplit(splits ? job.parallelism().tensor() : 1);
  }

  /**
   * Ranks whose rows of the vocabulary are in the embedding's gradient: all where Transformers
   * makes the table a DTensor (distributed/tensor_parallel.py EmbeddingParallel of 5.24), unless
   * every rank has all of them.
   *
   * @param tied the table is the head's
   */
  public int embeddingGradientDegree(boolean tied) {
    boolean whole = framework().is(LayerCode.WHOLE_EMBEDDING) && !tied;
    return whole ? 1 : loss().logitGatherDegree();
  }

  /** Whether FSDP reduces gradients, for which each rank's slice of them is taken. */
  public boolean reducesSlices() {
    return job.parallelism().strategy() == Strategy.FSDP2;
  }

  /**
   * Whether mixers that are no attention multiply their inputs by a mask
   * (apply_mask_to_padding_states in the models' files): there is padding; of one sequence alone
   * none is hidden before 5.0.
   */
  public boolean hidesPadding() {
    boolean padded = job.batch().padding() == Padding.PADDED;
    return padded && (batch() > 1 || job.framework().transformers().atLeast(5, 0));
  }

  /** The attention that runs: what is written in Python where the model knows no other. */
  public AttentionKernel attention() {
    Optional<Pass.Attending> chosen = running.attending();
    if (chosen.isPresent()) {
      return chosen.get().kernel();
    }
    if (masksGroups() && job.attention() != AttentionKernel.EAGER) {
      return AttentionKernel.SDPA;
    }
    boolean asksInVain = job.attention() == AttentionKernel.SDPA && !code.hasSdpa();
    return asksInVain ? AttentionKernel.EAGER : job.attention();
  }

  /** SDPA gets a mask of floating point in every layer, and keys that are not repeated. */
  public boolean masksGroups() {
    return framework().is(AttentionCode.MASKS_GROUPS) && code.rewritesAttention();
  }

  /**
   * Where SDPA is written out, it computes 16-bit inputs in fp32
   * (aten/src/ATen/native/transformers/ attention.cpp _scaled_dot_product_attention_math, since
   * 2.5).
   */
  public DataType writtenOutDtype(DataType input) {
    return job.framework().torch().atLeast(2, 5) ? DataType.FP32 : input;
  }

  public DataType computeDtype() {
    return job.computeDtype();
  }

  /** PEFT's {@code prepare_model_for_kbit_training} made every 16-bit parameter fp32. */
  boolean kbitPrepared() {
    return job.adapter().map(AdapterSettings::kbitPrepare).orElse(false);
  }

  /** Dtype of parameters that are not quantised. */
  public DataType baseDtype() {
    return kbitPrepared() || widensShards() ? DataType.FP32 : job.weightDtype();
  }

  /**
   * Whether hidden states leave such a layer in fp32 whatever they come in: its norms give fp32
   * under autocast, and a quantised product has the dtype of what it multiplies.
   */
  public boolean widensQuantised(DecoderLayer layer) {
    boolean wideNorms =
        baseDtype() == DataType.FP32
            || layer.beforeMixer().map(Norm::type).filter(Norm.Type.LAYER::equals).isPresent();
    return autocast() && !job.quantization().isNone() && wideNorms;
  }

  /** A model that is trained whole was made fp32 before it was sharded. */
  private boolean widensShards() {
    Strategy strategy = job.parallelism().strategy();
    boolean sharded =
        strategy == Strategy.FSDP1
            || (strategy == Strategy.FSDP2 && framework().is(SpreadCode.WIDENS_FSDP2));
    return sharded
        && job.method() == Method.FULL
        && job.autocast()
        && framework().is(SpreadCode.WIDENS_SHARDS);
  }

  /** Dtype of the model's own parameters that are trained. */
  public DataType trainedDtype() {
    boolean widens =
        job.method() == Method.FREEZE && autocast() && framework().is(LoopCode.WIDENS_TRAINED);
    return widens ? DataType.FP32 : baseDtype();
  }

  /**
   * Dtype of embedding or head, which k-bit preparation may have made fp32 for a while only: under
   * autocast those are brought back whose path has one of a few names in it.
   *
   * @param paths of the modules that have it: a tied head is the embedding's too
   */
  public DataType embeddingDtype(String... paths) {
    boolean narrows =
        framework().get(LoopCode.NARROWS_PREPARED).contains(job.objective().stage())
            && job.autocast()
            && computeDtype() == DataType.BF16
            && Stream.of(paths).anyMatch(path -> NARROWED.stream().anyMatch(path::contains));
    return kbitPrepared() && narrows ? DataType.BF16 : baseDtype();
  }

  /**
   * Dtype of the trained copy that PEFT makes of a saved module. It is made fp32 where a dtype is
   * mixed in, by FSDP1 in a unit of its own (accelerate/accelerator.py prepare_model), by FSDP2
   * where no weights are in 4 bits (accelerate/utils/fsdp_utils.py fsdp2_prepare_model).
   *
   * @param original the module's own
   */
  public DataType savedDtype(DataType original) {
    boolean asked = framework().is(SpreadCode.WIDENS_SHARDS) && job.autocast();
    boolean widens =
        switch (job.parallelism().strategy()) {
          case FSDP1 -> framework().is(SpreadCode.ADAPTER_UNITS);
          case FSDP2 -> framework().is(SpreadCode.WIDENS_FSDP2) && job.quantization().isNone();
          case NONE, DDP, ZERO1, ZERO2, ZERO3, MEGATRON -> false;
        };
    return asked && widens ? DataType.FP32 : original;
  }

  /** Dtype of the head's result without autocast. */
  public DataType logitsDtype() {
    return baseDtype();
  }

  /** The framework repeats keys and values for all heads. */
  public boolean expandsHeads() {
    return framework().is(AttentionCode.EXPANDS_HEADS);
  }

  /**
   * A compiled layer keeps the 8-bit copies of weights that FSDP gathers, which are half as large
   * as those, until torchao 0.12 of June 2025 (torchao/float8/config.py
   * force_recompute_fp8_weight_in_bwd, which nobody's default is). A job does not say its torchao,
   * so that the PyTorch of its time decides: 2.8 is of August 2025.
   */
  public boolean keepsNarrowWeights() {
    return job.parallelism().strategy() == Strategy.FSDP2 && !job.framework().torch().atLeast(2, 8);
  }

  /**
   * Gradients of the step before are there when a step begins: those of earlier micro-batches, or
   * the zeroed ones that {@code zero_grad} left before PyTorch 2.0.
   */
  public boolean startsWithGradients() {
    return job.batch().gradAccum() > 1 || cachesVectors() || !job.framework().torch().atLeast(2, 0);
  }

  /**
   * Before PyTorch 2.1 foreach AdamW added epsilon to new tensors (torch/optim/adamw.py
   * _multi_tensor_adamw {@code denom}), since then in place.
   */
  public boolean separateDenominators() {
    return !job.framework().torch().atLeast(2, 1);
  }

  /** A micro-batch is embedded in parts, each with a backward pass of its own. */
  private boolean cachesVectors() {
    return job.objective() instanceof Objective.SentenceEmbedding embedding
        && embedding.contrast().miniBatch().isPresent();
  }

  /**
   * Some call PyTorch's kernel where Transformers writes the tanh approximation out; Liger has one
   * for squares.
   */
  public Activation kernelFor(Activation activation) {
    if (activation == Activation.RELU_SQUARED && liger().runs(LigerKernel.SWIGLU)) {
      return Activation.RELU_SQUARED_KERNEL;
    }
    boolean fuses = framework().is(LayerCode.TANH_GELU) && activation == Activation.GELU_NEW;
    return fuses ? Activation.GELU_TANH : activation;
  }

  /** The layer is one graph of torch.compile; experts with adapters are taken to stay outside. */
  public boolean compiles(DecoderLayer layer) {
    boolean adaptsExperts = job.adapter().isPresent() && layer.mlp() instanceof MixtureOfExperts;
    return job.compile() && !adaptsExperts;
  }

  /** Outputs of a model under autocast are made fp32. */
  public boolean widensOutputs() {
    return autocast() && framework().get(LossCode.OUTPUTS) != OutputDtype.AS_COMPUTED;
  }

  /** What the model has returned is fp32. */
  public boolean outputsInFp32() {
    return widensOutputs() || framework().get(LossCode.OUTPUTS) == OutputDtype.FP32;
  }

  /**
   * The kernel's results are run again under selective checkpointing, where cuDNN's is the first
   * that is asked for.
   */
  public boolean recomputesAttention() {
    return card.prefersCudnn() && !framework().is(AttentionCode.KEEPS_CUDNN);
  }

  /** PyTorch has one kernel for it ({@code _fused_rms_norm} in native_functions.yaml). */
  public boolean hasNormKernel() {
    return job.framework().torch().atLeast(2, 9);
  }

  /** Checkpoints are around the parts of a layer, not around the layer. */
  public boolean checkpointsParts() {
    return job.checkpointing() == Checkpointing.FULL
        && (framework().is(LayerCode.CHECKPOINTS_PARTS) || job.parallelism().checkpointsParts());
  }

  /** Before PyTorch 1.11 softmax saved its input beside its result (derivatives.yaml). */
  public boolean softmaxSavesInput() {
    return !job.framework().torch().atLeast(1, 11);
  }

  /**
   * Whether quantisation-aware training replaces a linear: all where they are trained themselves,
   * and those with adapters where those are (torchtune/training/quantization.py
   * swap_lora_linear_with_qat). A head that is tied to the embedding is no linear there.
   */
  public boolean rounds(boolean adapted) {
    return job.fakeQuantises() && (job.adapter().isEmpty() || adapted);
  }

  /** Whether TransformerEngine's linear stands in the place of one. */
  public boolean replacesByEngine(Linear linear) {
    return job.linears().replaceByEngine(linear);
  }

  /** What becomes of the logits of the head. */
  public LossSettings loss() {
    return new LossSettings(job, code);
  }

  /** What Liger's kernels do here. */
  public LigerCode liger() {
    return new LigerCode(job, code.traits().liger());
  }
}
