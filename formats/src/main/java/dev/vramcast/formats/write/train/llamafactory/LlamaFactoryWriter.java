package dev.vramcast.formats.write.train.llamafactory;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.AccelerateSheet;
import dev.vramcast.formats.write.train.Packages;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.TrainerWords;
import dev.vramcast.formats.write.train.Usual;
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
    Said said = new Said(name(), name(), wanted);
    Sheet sheet = new Sheet();
    sheet.put("model_name_or_path", said.literal());
    sheet.put("stage", "sft").put("do_train", true);
    LlamaFactoryAdapter.put(said, sheet);
    data(said, sheet);
    step(said, sheet);
    kernels(said, sheet);
    List<WrittenFile> files = new ArrayList<>();
    spread(said, sheet, files);
    files.add(0, sheet.yaml(FILE));
    return said.done(files, Optional.of(start(said.job())));
  }

  private static void data(Said said, Sheet sheet) {
    // ONLINE takes names of the Hub; files need an entry in dataset_info.json.
    sheet.put("dataset_dir", "ONLINE");
    sheet.put("dataset", Usual.DATA_SET);
    sheet.put("cutoff_len", said.job().batch().sequenceLength());
    boolean packed = said.job().batch().padding() == Padding.PACKED;
    sheet.put("packing", packed);
    said.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    sheet.put("output_dir", Usual.OUTPUT);
    sheet.put("num_train_epochs", Usual.epochs(said));
    sheet.put("learning_rate", Usual.learningRate(said.job()));
    Usual.remind(said, "learning_rate", "dataset", Optional.empty());
  }

  private static void step(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("per_device_train_batch_size", job.batch().microBatch());
    sheet.put("gradient_accumulation_steps", job.batch().gradAccum());
    said.says(JobKey.SEQUENCE_LENGTH, JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM);
    if (job.optimizer().name() == OptimizerName.MUON) {
      sheet.put("use_muon", true);
      said.says(JobKey.OPTIMIZER_NAME, JobKey.OPTIMIZER_IMPLEMENTATION);
    } else if (job.method() != Method.GALORE) {
      TrainerWords.optimizer(said, sheet, "optim");
    }
    precision(said, sheet);
    checkpointing(said, sheet);
  }

  private static void precision(Said said, Sheet sheet) {
    switch (said.precision()) {
      case BF16_MIXED -> sheet.put("bf16", true);
      case FP16_MIXED -> sheet.put("fp16", true);
      case BF16 -> sheet.put("pure_bf16", true);
      case FP32, FP16 -> {
        return;
      }
    }
    said.settles(JobKey.PRECISION, said.precision());
  }

  private static void checkpointing(Said said, Sheet sheet) {
    said.says(JobKey.CHECKPOINTING);
    switch (said.job().checkpointing()) {
      case NONE -> sheet.put("disable_gradient_checkpointing", true);
      case OFFLOADED -> sheet.put("use_unsloth_gc", true);
      case FULL, SELECTIVE -> {
        said.settles(JobKey.CHECKPOINTING, Checkpointing.FULL);
        sheet.put("use_reentrant_gc", said.job().reentrant());
        said.says(JobKey.CHECKPOINTING_REENTRANT);
      }
    }
  }

  private static void kernels(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    if (job.attention() != AttentionKernel.FLEX) {
      said.says(JobKey.ATTENTION);
    }
    sheet.put(
        "flash_attn",
        switch (job.attention()) {
          case FLASH -> "fa2";
          case SDPA -> "sdpa";
          case EAGER -> "disabled";
          case FLEX -> "auto";
        });
    if (job.loss() == LossKernel.LIGER) {
      sheet.put("enable_liger_kernel", true);
      said.says(JobKey.LOSS);
      said.settles(JobKey.LIGER_KERNELS, List.of(LigerKernel.values()));
    }
    if (job.compile()) {
      sheet.put("torch_compile", true);
    }
    said.says(JobKey.COMPILE);
  }

  private static void spread(Said said, Sheet sheet, List<WrittenFile> files) {
    Strategy strategy = said.job().parallelism().strategy();
    if (strategy.isZero()) {
      sheet.put("deepspeed", ZERO);
      files.add(ZeroFile.of(said, ZERO));
    } else if (strategy == Strategy.FSDP1 || strategy == Strategy.FSDP2) {
      files.add(AccelerateSheet.of(said, ACCELERATE));
    } else if (strategy == Strategy.MEGATRON) {
      throw said.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    }
    // accelerate before 1.13, which 0.9 asks for, turns a frozen base under FSDP2 to fp32.
    if (strategy == Strategy.FSDP2
        && said.job().autocast()
        && said.job().adapter().isPresent()
        && said.job().quantization().isNone()) {
      said.settles(JobKey.MODEL_DTYPE, DataType.FP32);
    }
  }

  /** The command starts torchrun by itself where there are GPUs for it. */
  private static Start start(ResolvedJob job) {
    Strategy strategy = job.parallelism().strategy();
    List<String> packages = Packages.of("llamafactory==0.9.5", job);
    if (strategy == Strategy.FSDP1 || strategy == Strategy.FSDP2) {
      String launch = Torchrun.accelerate(job.parallelism(), ACCELERATE);
      return new Start(packages, launch + " -m llamafactory.launcher " + FILE);
    }
    String force = strategy.isZero() ? "FORCE_TORCHRUN=1 " : "";
    return new Start(packages, force + "llamafactory-cli train " + FILE);
  }
}
