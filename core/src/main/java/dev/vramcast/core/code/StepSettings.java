package dev.vramcast.core.code;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;

/**
 * The facts about a job that the modules of the model ask for while they write their forward pass.
 *
 * @param code the modeling code that runs
 * @param prefersCudnn cuDNN's attention is the fastest on this GPU
 * @param batch sequences of a micro-batch
 * @param sequence tokens of a sequence on one rank: context parallelism divides them
 */
public record StepSettings(
    ResolvedJob job, ModelingCode code, boolean prefersCudnn, long batch, long sequence) {

  public StepSettings(ResolvedJob job, ModelTraits traits, boolean prefersCudnn) {
    this(
        job,
        new ModelingCode(traits, job.framework().transformers()),
        prefersCudnn,
        job.batch().microBatch(),
        Math.max(1, job.batch().sequenceLength() / job.parallelism().context()));
  }

  /** Tokens of a micro-batch. */
  public long tokens() {
    return batch * sequence;
  }

  /** torchtitan leaves the casts to FSDP where there is one (distributed/utils.py). */
  public boolean autocast() {
    boolean fsdp = job.parallelism().strategy() == Strategy.FSDP2;
    return job.autocast() && !(isTorchtitan() && fsdp);
  }

  /** How the tokens between the parts of a layer are divided. */
  public SequenceSplit sequenceSplit() {
    boolean splits = job.parallelism().sequenceParallel();
    return new SequenceSplit(splits ? job.parallelism().tensor() : 1);
  }

  /**
   * Transformers puts the logits of all ranks together (plan {@code colwise_gather_output} of the
   * head); native frameworks compute the loss on a rank's share of the vocabulary.
   */
  public int logitGatherDegree() {
    boolean inPieces =
        switch (job.framework().name()) {
          case "torchtitan", "nemo-automodel", "torchtune" -> true;
          default -> false;
        };
    return inPieces ? 1 : job.parallelism().tensor();
  }

  /**
   * Ranks whose rows of the vocabulary are in the embedding's gradient: all where Transformers
   * makes the table a DTensor (distributed/tensor_parallel.py EmbeddingParallel of 5.24).
   */
  public int embeddingGradientDegree() {
    return logitGatherDegree();
  }

  /** Whether FSDP reduces gradients, for which each rank's slice of them is taken. */
  public boolean reducesSlices() {
    return job.parallelism().strategy() == Strategy.FSDP2;
  }

  /** The attention that runs: what is written in Python where the model knows no other. */
  public AttentionKernel attention() {
    boolean asksInVain = job.attention() == AttentionKernel.SDPA && !code.hasSdpa();
    return asksInVain ? AttentionKernel.EAGER : job.attention();
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
    return kbitPrepared() ? DataType.FP32 : job.weightDtype();
  }

  /**
   * Dtype of the model's own parameters that are trained. LLaMA-Factory makes those fp32 under
   * autocast (llamafactory/model/adapter.py, cast_trainable_params_to_fp32).
   */
  public DataType trainedDtype() {
    boolean upcasts =
        job.method() == Method.FREEZE
            && autocast()
            && job.framework().name().equals("llama-factory");
    return upcasts ? DataType.FP32 : baseDtype();
  }

  /**
   * Dtype of embedding and head. TRL brings what kbit preparation made fp32 back to bf16, except
   * norms (trl/trainer/utils.py, peft_module_casting_to_bf16).
   */
  public DataType embeddingDtype() {
    boolean castBack = job.framework().name().equals("trl") && computeDtype() == DataType.BF16;
    return kbitPrepared() && castBack ? DataType.BF16 : baseDtype();
  }

  /** Dtype of the head's result without autocast. */
  public DataType logitsDtype() {
    return embeddingDtype();
  }

  /**
   * torchtune, LitGPT and at first torchtitan expand keys and values to all heads
   * (torchtune/modules/attention.py, litgpt/model.py).
   */
  public boolean expandsHeads() {
    return job.framework().name().equals("torchtune")
        || isLitGpt()
        || isTorchtitan() && torchtitan().expandsHeads();
  }

  /**
   * Gradients of the step before are there when a step begins: those of earlier micro-batches, or
   * the zeroed ones that {@code zero_grad} left before PyTorch 2.0.
   */
  public boolean startsWithGradients() {
    return job.batch().gradAccum() > 1 || !job.framework().torch().atLeast(2, 0);
  }

  /** LitGPT calls PyTorch's kernel where Transformers writes the tanh approximation out. */
  public Activation kernelFor(Activation activation) {
    return isLitGpt() && activation == Activation.GELU_NEW ? Activation.GELU_TANH : activation;
  }

  /**
   * The training loop still holds outputs of the iteration before, which were as large. Before
   * LitGPT was a package it took the longest sample in its first iteration and in no other (lit-gpt
   * finetune/lora.py, get_batch), which was with PyTorch 2.1 and earlier.
   */
  public boolean findsOldLogits() {
    return keepsLogits() && !(isLitGpt() && !job.framework().torch().atLeast(2, 2));
  }

  /** The training loop holds the model's output through the backward pass. */
  public boolean keepsLogits() {
    return job.keepLogits() || isLitGpt();
  }

  /** The training loop computes the loss from what the model returns (torchtitan/train.py). */
  public boolean returnsLogits() {
    return isTorchtitan() && job.loss() == LossKernel.FULL;
  }

  /** The loss is one graph of torch.compile. */
  public boolean compilesLoss() {
    return job.compile() && isTorchtitan() && torchtitan().compilesLoss();
  }

  /** The layer is one graph of torch.compile; experts with adapters are taken to stay outside. */
  public boolean compiles(DecoderLayer layer) {
    boolean adaptsExperts = job.adapter().isPresent() && layer.mlp() instanceof MixtureOfExperts;
    return job.compile() && !adaptsExperts;
  }

  /** accelerate makes the outputs of a model under autocast fp32. */
  public boolean widensOutputs() {
    return autocast() && !isTorchtitan();
  }

  /** accelerate under autocast, and Fabric always, make the model's outputs fp32. */
  public boolean outputsInFp32() {
    return widensOutputs() || isLitGpt();
  }

  /** The model is the code of Transformers; other frameworks have models of their own. */
  public boolean runsTransformers() {
    return switch (job.framework().name()) {
      case "torchtitan", "torchtune", "litgpt" -> false;
      default -> true;
    };
  }

  public boolean isLitGpt() {
    return job.framework().name().equals("litgpt");
  }

  public boolean isTorchtitan() {
    return job.framework().name().equals("torchtitan");
  }

  private TorchtitanCode torchtitan() {
    return new TorchtitanCode(job.framework().torch());
  }

  /**
   * The kernel's results are run again under selective checkpointing. On Blackwell torchtitan asks
   * for cuDNN's first (models/attention.py).
   */
  public boolean recomputesAttention() {
    return isTorchtitan() && prefersCudnn && !torchtitan().keepsCudnnAttention();
  }

  /** {@code nn.RMSNorm} in place of the norm that a model's own code writes out. */
  public boolean usesTorchNorm() {
    return isTorchtitan();
  }

  /** PyTorch has one kernel for it ({@code _fused_rms_norm} in native_functions.yaml). */
  public boolean hasNormKernel() {
    return job.framework().torch().atLeast(2, 9);
  }

  /** torchtitan has grouped products for every mixture. */
  public boolean runsAllExperts() {
    return code.runsAllExperts() && !isTorchtitan();
  }

  /** Before PyTorch 1.11 softmax saved its input beside its result (derivatives.yaml). */
  public boolean softmaxSavesInput() {
    return !job.framework().torch().atLeast(1, 11);
  }

  public boolean liger(LigerKernel kernel) {
    return job.ligerKernels().contains(kernel);
  }
}
