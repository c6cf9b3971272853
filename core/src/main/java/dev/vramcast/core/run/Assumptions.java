package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.code.LigerCode;
import dev.vramcast.core.code.SdpaCard;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.part.ModulePaths;
import dev.vramcast.core.shard.zero.ZeroSettings;
import dev.vramcast.core.trace.Category;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an estimate takes for granted, one sentence each. Those come first that are about what most
 * of the memory at the peak is for; where several weigh alike, they stay in the order of the step.
 */
final class Assumptions {

  private final Architecture architecture;
  private final ResolvedJob job;
  private final RankEstimate worst;
  private final List<Weighed> remarks = new ArrayList<>();

  /** What the sentences that are added are about; none for what is about no tensor. */
  private Set<Category> subject = Set.of();

  /** A sentence with the bytes of what it is about, at the peak. */
  private record Weighed(Remark remark, long bytes) {}

  private Assumptions(Architecture architecture, ResolvedJob job, RankEstimate worst) {
    this.architecture = architecture;
    this.job = job;
    this.worst = worst;
  }

  /**
   * The sentences.
   *
   * @param worst the rank that needs most, whose peak weighs them
   */
  static List<Remark> of(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu, RankEstimate worst) {
    Assumptions assumptions = new Assumptions(architecture, job, worst);
    assumptions.about(Category.ACTIVATIONS).aboutSequence();
    assumptions.about(Category.WEIGHTS);
    ModelAssumptions.of(architecture, job).forEach(assumptions::add);
    MethodAssumptions method = new MethodAssumptions(architecture, job);
    assumptions.about(Category.ADAPTERS);
    method.ofAdapters().forEach(assumptions::add);
    assumptions.about(Category.WEIGHTS);
    method.ofWeights().forEach(assumptions::add);
    assumptions.about(Category.ACTIVATIONS).aboutPasses(gpu);
    assumptions.about(Category.LOGITS_AND_LOSS);
    job.evaluation().ifPresent(assumptions::aboutEvaluation);
    assumptions.about(Category.OTHER);
    Engine.of(architecture, job, gpu).ifPresent(assumptions::aboutEngine);
    assumptions.about(Category.COMMUNICATION, Category.GRADIENTS).aboutZero();
    assumptions.about(Category.LOGITS_AND_LOSS).aboutLoss();
    assumptions.about(Category.OPTIMIZER).aboutOptimizer();
    assumptions.about(Category.WEIGHTS, Category.GATHERED).aboutRanks();
    assumptions.about().aboutCode();
    assumptions.aboutDevice(gpu);
    return assumptions.remarks.stream()
        .sorted(Comparator.comparingLong(Weighed::bytes).reversed())
        .map(Weighed::remark)
        .toList();
  }

  private Assumptions about(Category... categories) {
    subject = Set.of(categories);
    return this;
  }

  private void add(Remark remark) {
    long bytes = subject.stream().mapToLong(part -> worst.breakdown().getOrDefault(part, 0L)).sum();
    remarks.add(new Weighed(remark, bytes));
  }

  private void add(JobKey about, String sentence) {
    add(Remark.about(about, sentence));
  }

  private void add(boolean holds, JobKey about, String sentence) {
    if (holds) {
      add(about, sentence);
    }
  }

  private void aboutEngine(Engine engine) {
    job.objective()
        .generated()
        .ifPresent(generation -> add(JobKey.ENGINE, engine.sentence(generation.engine())));
  }

  private void aboutEvaluation(Evaluation evaluation) {
    add(
        JobKey.EVALUATION_BATCH,
        "An evaluation runs "
            + evaluation.microBatch()
            + " sequences at a time, as long as those of training"
            + evaluation
                .generated()
                .map(asked -> ", and generates " + tokens(asked.newTokens()) + " of each")
                .orElse("")
            + (evaluation.gathered() > 0
                ? ", and keeps the logits of " + batches(evaluation.gathered()) + " on the GPU."
                : "."));
  }

  private static String tokens(int count) {
    return count == 1 ? "1 token" : count + " tokens";
  }

  private static String batches(int count) {
    return count == 1 ? "a batch" : count + " batches";
  }

  private void aboutSequence() {
    long limit = architecture.maxPositions();
    long sequence = job.batch().sequenceLength();
    add(
        limit > 0 && sequence > limit,
        JobKey.SEQUENCE_LENGTH,
        "A sequence of "
            + sequence
            + " tokens is longer than the "
            + limit
            + " positions the model was made for; it is taken to run all the same.");
    add(
        job.batch().padding() == Padding.LONGEST && job.batch().microBatch() > 1,
        JobKey.PADDING,
        "All sequences of the batch are as long as the longest, so attention needs no mask.");
    add(
        job.batch().padding() == Padding.PADDED,
        JobKey.PADDING,
        "The batch holds padding, so attention takes a mask.");
  }

  private void aboutPasses(Optional<Gpu> gpu) {
    add(
        job.checkpointing() == Checkpointing.SELECTIVE,
        JobKey.CHECKPOINTING,
        "Selective checkpointing is torchtitan's: it keeps what attention and every second matrix "
            + "product make.");
    add(
        job.linears() == NarrowLinears.TORCHAO,
        JobKey.TRAINING_SCHEME,
        "Linears are torchao's Float8Linear, save the head: each product makes 8-bit copies of its "
            + "operands, and what is kept of them stays as wide as without"
            + (job.compile() ? "." : "; without torch.compile the values are scaled in fp32."));
    add(
        job.linears().areEngines() && !isMegatron(),
        JobKey.TRAINING_SCHEME,
        "Linears are TransformerEngine's, as accelerate puts them into a model: until the backward "
            + "pass each keeps 8-bit copies of its input and of its weight, which stays as wide as "
            + "without; a head that was tied has a weight of its own, which nothing updates.");
    add(
        job.compile() && !isMegatron(),
        JobKey.COMPILE,
        "torch.compile makes one graph of each layer, which writes to memory what matrix products, "
            + "attention and reductions read or make.");
    add(
        job.compile() && !isMegatron(),
        JobKey.COMPILE,
        "The first step's warm-up is not counted: torch.compile tunes kernels on copies of what "
            + "they write, under max-autotune on tensors as large as operands and results of "
            + "matrix products too.");
    add(
        job.compile() && job.adapter().isPresent() && !architecture.mixtures().isEmpty(),
        JobKey.COMPILE,
        "Layers of experts that carry adapters are taken to run uncompiled.");
    add(
        job.attention() == AttentionKernel.FLEX,
        JobKey.ATTENTION,
        "Flex attention is taken to need what flash attention needs.");
    boolean lacksFlash =
        SdpaCard.decides(job) && gpu.filter(card -> !card.abilities().flashAttention()).isPresent();
    add(
        lacksFlash,
        JobKey.ATTENTION,
        "SDPA has no FlashAttention on this GPU: grouped keys without a mask are attended to by all"
            + " scores.");
    add(
        job.attention() != AttentionKernel.EAGER && !lacksFlash,
        JobKey.ATTENTION,
        "The backward pass of fused attention takes the scratch of FlashAttention 2.");
  }

  private void aboutZero() {
    if (!job.parallelism().strategy().isZero()) {
      return;
    }
    ZeroSettings settings = ZeroSettings.of(job, architecture.hiddenSize());
    add(
        JobKey.STRATEGY,
        String.format(
            Locale.ROOT,
            "%s %,d gradients at a time, as %s says.",
            job.frameworkCode().get(SpreadCode.ZERO).sliced()
                ? "Reduced are up to"
                : "DeepSpeed " + job.framework().deepspeed() + " reduces up to",
            settings.reduceBucket(),
            settings.source()));
  }

  private void aboutRanks() {
    Parallelism degrees = job.parallelism();
    boolean fsdp = degrees.strategy().isFsdp();
    boolean fourBit =
        switch (job.quantization().scheme()) {
          case NF4, FP4 -> true;
          case NONE, INT8, GPTQ_INT4, GPTQ_INT8, AWQ_INT4, FP8, MXFP4, NVFP4, AQLM_2BIT -> false;
        };
    add(
        fsdp && fourBit,
        JobKey.QUANTIZATION_SCHEME,
        "4-bit weights are stored in the dtype of the others (bnb_4bit_quant_storage), without"
            + " which FSDP refuses them; their block constants are whole on every GPU.");
    boolean copied =
        job.objective().comparedWith().map(Settings.Reference::source).stream()
            .anyMatch(source -> source == ReferenceSource.COPY);
    add(
        copied && job.keepsReferenceWhole(),
        JobKey.REFERENCE,
        "This version of the trainer neither divides the reference among the GPUs nor moves it to"
            + " one: it is taken to be whole on each.");
    add(
        job.objective().distilled().isPresent() && job.keepsReferenceWhole(),
        JobKey.TEACHER,
        "The trainer neither divides the teacher among the GPUs nor moves it to one: it is taken to"
            + " be whole on each.");
    add(
        fsdp && degrees.offload().contains(OffloadTarget.PARAMETERS),
        JobKey.OFFLOAD,
        "Shards, gradients and optimizer states are in pinned host memory, where the optimizer"
            + " steps.");
    add(
        degrees.offload().contains(OffloadTarget.ACTIVATIONS),
        JobKey.OFFLOAD,
        "Saved activations wait in pinned host memory, all but the head's input; copying keeps"
            + " none of them longer.");
    add(
        degrees.expertsOnHost().isPresent(),
        JobKey.OFFLOAD,
        "Routed experts are kept and run by kt-kernel of August 2026 in the host's memory, in one"
            + " pool of threads, with adapters of each and their optimizer's states in bf16.");
  }

  private void aboutLoss() {
    boolean headAdapted = job.adapter().isPresent() && adaptsHead(job.adapter().get());
    boolean readsWeight = job.loss() == LossKernel.LIGER || job.loss() == LossKernel.CCE;
    add(
        headAdapted && readsWeight,
        JobKey.LORA_TARGETS,
        "The loss reads the head's weight itself, past the adapter on it.");
    boolean asked = job.frameworkCode().stages().readsLoss(job.objective().stage());
    LigerTraits liger = architecture.traits().liger();
    add(
        job.loss() == LossKernel.LIGER && asked && liger.loss() == LigerTraits.Loss.FUSED_LINEAR,
        JobKey.LOSS,
        new LigerCode(job, liger).sentence(job.weightDtype()));
    boolean ownLoss =
        job.frameworkCode()
            .keepsOwnLoss(architecture.traits().loss(), job.framework().transformers());
    boolean chunked = job.loss() == LossKernel.CHUNKED;
    add(
        chunked && !ownLoss && asked,
        JobKey.LOSS,
        job.frameworkCode().get(LossCode.CHUNKS).sentence());
    add(
        ownLoss && (chunked || job.loss() == LossKernel.CCE),
        JobKey.LOSS,
        "The model's loss is not written as the framework's compiler looks for, so that it takes"
            + " all logits at once.");
  }

  private boolean adaptsHead(AdapterSettings adapter) {
    return architecture.head().linears().stream()
        .anyMatch(linear -> ModulePaths.isTarget(linear.name(), adapter.targets()));
  }

  private void aboutOptimizer() {
    OptimizerName name = job.optimizer().name();
    add(
        name.isPaged(),
        JobKey.OPTIMIZER_NAME,
        "States of a paged optimizer are in managed memory and not counted.");
    add(
        name == OptimizerName.GALORE,
        JobKey.OPTIMIZER_NAME,
        "The step is one in which GaLore decomposes the gradients anew.");
    add(
        name == OptimizerName.APOLLO,
        JobKey.OPTIMIZER_NAME,
        "APOLLO projects the layers' matrices to rank 128; AdamW steps on all else.");
    add(
        name == OptimizerName.MUON,
        JobKey.OPTIMIZER_NAME,
        "Muon steps on the layers' matrices; AdamW on embeddings, head and vectors.");
    add(
        name != OptimizerName.NONE,
        JobKey.OPTIMIZER_NAME,
        "The step is the second or a later one, when optimizer states exist.");
  }

  private boolean isMegatron() {
    return job.parallelism().strategy() == Strategy.MEGATRON;
  }

  private void aboutCode() {
    if (isMegatron()) {
      MegatronAssumptions.of(architecture.mixtures(), job).forEach(this::add);
      return;
    }
    Framework framework = job.framework();
    StringBuilder versions = new StringBuilder("The code is that of PyTorch ");
    versions.append(framework.torch()).append(", Transformers ").append(framework.transformers());
    if (job.adapter().isPresent()) {
      versions.append(", PEFT ").append(framework.peft());
    }
    if (job.quantization().implementation().equals("bitsandbytes")) {
      versions.append(", bitsandbytes ").append(framework.bitsandbytes());
    }
    add(JobKey.TORCH_VERSION, versions.append('.').toString());
  }

  private void aboutDevice(Optional<Gpu> gpu) {
    add(ChangingLengths.of(job).isPresent(), JobKey.PADDING, ChangingLengths.SENTENCE);
    add(gpu.isEmpty(), JobKey.GPU, "No GPU is named, so workspaces of cuBLAS are left out.");
    RankEstimate.Outside outside = DeviceMemory.outside(job, gpu);
    if (outside.contextBytes() > 0) {
      remarks.add(
          new Weighed(
              Remark.about(
                  JobKey.GPU, "The CUDA context takes " + (outside.contextBytes() >> 20) + " MiB."),
              outside.contextBytes()));
    }
    long communicators = outside.communicatorBytes() >> 20;
    add(
        communicators > 0,
        JobKey.GPU_COUNT,
        "NCCL's buffers take " + communicators + " MiB; kernels that it loads are not counted.");
    boolean communicates = job.parallelism().gpus() > 1;
    add(
        gpu.isEmpty() && communicates,
        JobKey.GPU,
        "No GPU is named, so buffers of NCCL are left out.");
    add(
        gpu.filter(card -> card.vendor() != Vendor.NVIDIA).isPresent() && communicates,
        JobKey.GPU,
        "What collectives take is known of NVIDIA's library only, and left out.");
    add(
        job.allocator().expandableSegments()
            && !DeviceMemory.allocator(job, gpu).expandableSegments(),
        JobKey.EXPANDABLE_SEGMENTS,
        "PyTorch's builds for AMD have no segments that grow, whatever is set.");
    add(
        job.parallelism().strategy() == Strategy.FSDP1,
        JobKey.STRATEGY,
        "The process runs as far ahead of the GPU as FSDP's limit on all-gathers lets it.");
  }
}
