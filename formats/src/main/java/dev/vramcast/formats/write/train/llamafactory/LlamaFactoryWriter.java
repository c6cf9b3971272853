package dev.vramcast.formats.write.train.llamafactory;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.AccelerateKeys;
import dev.vramcast.formats.write.train.Carried;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.Packages;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.TrainerWords;
import dev.vramcast.formats.write.train.ZeroFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** LLaMA-Factory's YAML; keys as in src/llamafactory/hparams of 0.9.5. */
public final class LlamaFactoryWriter implements TrainingWriter {

  private static final String FILE = "llama-factory.yaml";
  private static final String ZERO = "llama-factory-deepspeed.json";
  private static final String ACCELERATE = "llama-factory-accelerate.yaml";

  @Override
  public String name() {
    return "llama-factory";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    JobCoverage coverage = new JobCoverage(name(), name(), wanted, LlamaFactoryStage.STAGES);
    OutputKeys output = new OutputKeys();
    output.put("model_name_or_path", coverage.literal());
    LlamaFactoryStage.put(coverage, output);
    output.put("do_train", true);
    LlamaFactoryAdapter.put(coverage, output);
    data(coverage, output);
    step(coverage, output);
    kernels(coverage, output);
    List<WrittenFile> files = new ArrayList<>();
    spread(coverage, output, files);
    Carried.into(coverage, output);
    files.add(0, output.yaml(FILE));
    return coverage.done(files, Optional.of(start(coverage.job())));
  }

  private static void data(JobCoverage coverage, OutputKeys output) {
    LlamaFactoryStage.data(coverage, output);
    output.put("cutoff_len", LlamaFactoryProximal.longest(coverage));
    boolean staged = coverage.stage() != Stage.SFT;
    boolean packed = !staged && coverage.job().batch().padding() == Padding.PACKED;
    output.put("packing", packed);
    coverage.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    output.put("output_dir", FileDefaults.OUTPUT);
    output.put("num_train_epochs", FileDefaults.epochs(coverage));
    FileDefaults.steps(coverage).ifPresent(steps -> output.put("max_steps", steps));
    output.put("learning_rate", FileDefaults.learningRate(coverage.job()));
    FileDefaults.remind(coverage, "learning_rate", "dataset", Optional.empty());
  }

  private static void step(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    output.put("per_device_train_batch_size", job.batch().microBatch());
    output.put("gradient_accumulation_steps", job.batch().gradAccum());
    coverage.says(JobKey.SEQUENCE_LENGTH, JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM);
    OptimizerName name = job.optimizer().name();
    if (name == OptimizerName.BADAM) {
      boolean fused = job.optimizer().implementation() == OptimizerImplementation.FUSED;
      output.put("use_badam", true).put("optim", fused ? "adamw_torch_fused" : "adamw_torch");
      coverage.says(JobKey.OPTIMIZER_NAME, JobKey.OPTIMIZER_IMPLEMENTATION);
    } else if (name == OptimizerName.MUON || name == OptimizerName.ADAM_MINI) {
      output.put(name == OptimizerName.MUON ? "use_muon" : "use_adam_mini", true);
      coverage.says(JobKey.OPTIMIZER_NAME, JobKey.OPTIMIZER_IMPLEMENTATION);
    } else if (job.method() != Method.GALORE) {
      TrainerWords.optimizer(coverage, output, "optim");
    }
    precision(coverage, output);
    checkpointing(coverage, output);
  }

  private static void precision(JobCoverage coverage, OutputKeys output) {
    switch (coverage.precision()) {
      case BF16_MIXED -> output.put("bf16", true);
      case FP16_MIXED -> output.put("fp16", true);
      case BF16 -> output.put("pure_bf16", true);
      case FP32, FP16 -> {
        return;
      }
    }
    coverage.settles(JobKey.PRECISION, coverage.precision());
  }

  private static void checkpointing(JobCoverage coverage, OutputKeys output) {
    coverage.says(JobKey.CHECKPOINTING);
    switch (coverage.job().checkpointing()) {
      case NONE -> output.put("disable_gradient_checkpointing", true);
      case OFFLOADED -> output.put("use_unsloth_gc", true);
      case FULL, SELECTIVE -> {
        coverage.settles(JobKey.CHECKPOINTING, Checkpointing.FULL);
        output.put("use_reentrant_gc", coverage.job().reentrant());
        coverage.says(JobKey.CHECKPOINTING_REENTRANT);
      }
    }
  }

  private static void kernels(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    if (job.attention() != AttentionKernel.FLEX) {
      coverage.says(JobKey.ATTENTION);
    }
    output.put(
        "flash_attn",
        switch (job.attention()) {
          case FLASH -> "fa2";
          case SDPA -> "sdpa";
          case EAGER -> "disabled";
          case FLEX -> "auto";
        });
    if (job.loss() == LossKernel.LIGER) {
      output.put("enable_liger_kernel", true);
      // Its loss is that of stage sft alone: model/model_utils/liger_kernel.py.
      boolean staged = coverage.stage() != Stage.SFT;
      coverage.settles(JobKey.LOSS, staged ? LossKernel.FULL : LossKernel.LIGER);
      coverage.settles(JobKey.LIGER_KERNELS, List.of(LigerKernel.values()));
    }
    if (job.compile()) {
      output.put("torch_compile", true);
    }
    coverage.says(JobKey.COMPILE);
  }

  private static void spread(JobCoverage coverage, OutputKeys output, List<WrittenFile> files) {
    Strategy strategy = coverage.job().parallelism().strategy();
    if (strategy.isZero()) {
      output.put("deepspeed", ZERO);
      files.add(ZeroFile.of(coverage, ZERO));
    } else if (strategy.isFsdp()) {
      files.add(AccelerateKeys.of(coverage, ACCELERATE));
    } else if (strategy == Strategy.MEGATRON) {
      throw coverage.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    }
    // accelerate before 1.13, which 0.9 asks for, turns a frozen base under FSDP2 to fp32.
    if (strategy == Strategy.FSDP2
        && coverage.job().autocast()
        && coverage.job().adapter().isPresent()
        && coverage.job().quantization().isNone()) {
      coverage.settles(JobKey.MODEL_DTYPE, DataType.FP32);
    }
  }

  /** The command starts torchrun by itself where there are GPUs for it. */
  private static Start start(ResolvedJob job) {
    Strategy strategy = job.parallelism().strategy();
    List<String> packages = Packages.of("llamafactory==0.9.5", job);
    if (strategy.isFsdp()) {
      String launch = Torchrun.accelerate(job.parallelism(), ACCELERATE);
      return new Start(packages, launch + " -m llamafactory.launcher " + FILE);
    }
    String force = strategy.isZero() ? "FORCE_TORCHRUN=1 " : "";
    return new Start(packages, force + "llamafactory-cli train " + FILE);
  }
}
