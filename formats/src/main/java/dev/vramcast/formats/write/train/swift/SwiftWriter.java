package dev.vramcast.formats.write.train.swift;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.Packages;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.TrainerWords;
import dev.vramcast.formats.write.train.Usual;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arguments of ms-swift as a YAML file; swift/arguments of 4.6. */
public final class SwiftWriter implements TrainingWriter {

  private static final String FILE = "ms-swift.yaml";

  @Override
  public String name() {
    return "ms-swift";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    Said said = new Said(name(), name(), wanted);
    Sheet sheet = new Sheet();
    ResolvedJob job = said.job();
    sheet.put("model", said.model()).put("use_hf", true);
    sheet.put("torch_dtype", TrainerWords.dtype(job.weightDtype()));
    precision(said, sheet);
    sheet.put("attn_impl", TrainerWords.attention(job.attention()));
    said.says(JobKey.ATTENTION);
    SwiftAdapter.put(said, sheet);
    data(said, sheet);
    step(said, sheet);
    List<WrittenFile> files = new ArrayList<>();
    checkpointing(said, sheet, SwiftSpread.put(said, sheet, files));
    files.add(0, sheet.yaml(FILE));
    return said.done(files, Optional.of(start(job)));
  }

  private static void precision(Said said, Sheet sheet) {
    Precision precision = said.precision();
    sheet.put("bf16", precision == Precision.BF16_MIXED);
    sheet.put("fp16", precision == Precision.FP16_MIXED);
    ResolvedJob job = said.job();
    Strategy strategy = job.parallelism().strategy();
    boolean sharded = strategy == Strategy.FSDP1 || strategy == Strategy.FSDP2;
    said.settles(JobKey.PRECISION, TrainerWords.precision(said));
    if (sharded && job.method() == Method.FULL && job.autocast()) {
      // accelerate/utils/fsdp_utils.py keeps trained parameters in fp32.
      said.settles(JobKey.MODEL_DTYPE, DataType.FP32);
    } else {
      said.says(JobKey.MODEL_DTYPE);
    }
  }

  private static void data(Said said, Sheet sheet) {
    Optional<String> file = said.wanted(JobKey.DATA_FILE, String.class);
    said.says(JobKey.DATA_FILE);
    sheet.put("dataset", List.of(file.orElse(Usual.DATA_SET)));
    ResolvedJob job = said.job();
    sheet.put("max_length", job.batch().sequenceLength());
    boolean packed = job.batch().padding() == Padding.PACKED;
    sheet.put("packing", packed);
    said.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    sheet.put("output_dir", Usual.OUTPUT);
    sheet.put("num_train_epochs", Usual.epochs(said));
    sheet.put("learning_rate", Usual.learningRate(job));
    Usual.remind(said, "learning_rate", "dataset", file);
  }

  private static void step(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("per_device_train_batch_size", job.batch().microBatch());
    sheet.put("gradient_accumulation_steps", job.batch().gradAccum());
    said.says(JobKey.SEQUENCE_LENGTH, JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.COMPILE);
    TrainerWords.optimizer(said, sheet, "optim");
    if (job.compile()) {
      sheet.put("torch_compile", true);
    }
    if (job.loss() == LossKernel.LIGER) {
      sheet.put("use_liger_kernel", true);
      said.says(JobKey.LOSS);
      said.settles(JobKey.LIGER_KERNELS, List.of(LigerKernel.values()));
    }
  }

  private static void checkpointing(Said said, Sheet sheet, boolean byFsdp) {
    ResolvedJob job = said.job();
    boolean on = byFsdp || job.checkpointing() != Checkpointing.NONE;
    said.settles(JobKey.CHECKPOINTING, on ? Checkpointing.FULL : Checkpointing.NONE);
    sheet.put("gradient_checkpointing", on && !byFsdp);
    if (on && !byFsdp) {
      sheet.put("gradient_checkpointing_kwargs.use_reentrant", job.reentrant());
      said.says(JobKey.CHECKPOINTING_REENTRANT);
    }
  }

  private static Start start(ResolvedJob job) {
    Parallelism spread = job.parallelism();
    List<String> packages = Packages.of("ms-swift==4.6.0", job);
    int each = spread.gpus() / spread.nodes();
    String processes = spread.gpus() > 1 ? "NPROC_PER_NODE=" + each + " " : "";
    return new Start(packages, processes + "swift sft " + FILE);
  }
}
