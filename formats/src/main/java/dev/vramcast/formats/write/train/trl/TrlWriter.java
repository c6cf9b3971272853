package dev.vramcast.formats.write.train.trl;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
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
import dev.vramcast.formats.write.train.AccelerateSheet;
import dev.vramcast.formats.write.train.Packages;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.TrainerWords;
import dev.vramcast.formats.write.train.Usual;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Arguments of TRL's script for supervised fine-tuning, as of 1.16, and accelerate's file. */
public final class TrlWriter implements TrainingWriter {

  private static final String FILE = "trl.yaml";
  private static final String ACCELERATE = "trl-accelerate.yaml";

  @Override
  public String name() {
    return "trl";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    Said said = new Said(name(), name(), wanted);
    Sheet sheet = new Sheet();
    ResolvedJob job = said.job();
    List<WrittenFile> files = new ArrayList<>();
    boolean launched = job.parallelism().gpus() > 1 || AccelerateSheet.shards(job);
    if (launched) {
      files.add(AccelerateSheet.of(said, ACCELERATE));
    }
    sheet.put("model_name_or_path", said.model());
    dtype(said, sheet);
    sheet.put("attn_implementation", TrainerWords.attention(job.attention()));
    said.says(JobKey.ATTENTION);
    TrlAdapter.put(said, sheet);
    data(said, sheet);
    rows(said, sheet);
    step(said, sheet);
    files.add(0, sheet.yaml(FILE));
    return said.done(files, Optional.of(start(job, launched)));
  }

  /** FSDP in mixed precision keeps trained parameters in fp32: accelerate/utils/fsdp_utils.py. */
  private static void dtype(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("dtype", TrainerWords.dtype(job.weightDtype()));
    boolean fsdp =
        job.parallelism().strategy() == Strategy.FSDP1
            || job.parallelism().strategy() == Strategy.FSDP2;
    if (fsdp && job.autocast() && job.method() == Method.FULL) {
      said.settles(JobKey.MODEL_DTYPE, DataType.FP32);
    } else {
      said.says(JobKey.MODEL_DTYPE);
    }
    sheet.put("bf16", said.precision() == Precision.BF16_MIXED);
    if (said.precision() == Precision.FP16_MIXED) {
      sheet.put("fp16", true);
    }
    said.settles(JobKey.PRECISION, TrainerWords.precision(said));
  }

  private static void data(Said said, Sheet sheet) {
    Optional<String> file = said.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
      Map<String, Object> set = new LinkedHashMap<>();
      set.put("path", "json");
      set.put("data_files", file.get());
      sheet.put("datasets", List.of(set));
      said.says(JobKey.DATA_FILE);
    } else {
      sheet.put("dataset_name", "trl-lib/Capybara");
    }
    sheet.put("output_dir", Usual.OUTPUT).put("report_to", "none");
    sheet.put("num_train_epochs", Usual.epochs(said));
    sheet.put("learning_rate", Usual.learningRate(said.job()));
    Usual.remind(said, "learning_rate", "dataset_name", file);
  }

  private static void rows(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("max_length", job.batch().sequenceLength());
    boolean packed = job.batch().padding() == Padding.PACKED;
    sheet.put("packing", packed);
    if (packed) {
      // Rows of several examples without a mask between them, where attention takes no lengths.
      boolean lengths = job.attention() == AttentionKernel.FLASH;
      sheet.put("packing_strategy", lengths ? "bfd" : "wrapped");
    }
    said.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    if (job.loss() == LossKernel.LIGER) {
      sheet.put("use_liger_kernel", true);
      said.settles(JobKey.LIGER_KERNELS, List.of(LigerKernel.values()));
    } else {
      sheet.put("loss_type", job.loss() == LossKernel.CHUNKED ? "chunked_nll" : "nll");
    }
    boolean known = job.loss() != LossKernel.CCE && job.loss() != LossKernel.TRITON;
    said.settles(JobKey.LOSS, known ? job.loss() : LossKernel.FULL);
  }

  private static void step(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("per_device_train_batch_size", job.batch().microBatch());
    sheet.put("gradient_accumulation_steps", job.batch().gradAccum());
    said.says(JobKey.SEQUENCE_LENGTH, JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.COMPILE);
    TrainerWords.optimizer(said, sheet, "optim");
    if (job.method() == Method.GALORE) {
      sheet.put("optim_target_modules", List.of("attn", "mlp"));
    }
    boolean on = job.checkpointing() != Checkpointing.NONE;
    boolean offloaded = job.checkpointing() == Checkpointing.OFFLOADED;
    sheet.put("gradient_checkpointing", on);
    if (on) {
      sheet.put("gradient_checkpointing_kwargs.use_reentrant", job.reentrant());
      said.says(JobKey.CHECKPOINTING_REENTRANT);
    }
    if (offloaded) {
      sheet.put("activation_offloading", true);
    }
    said.settles(
        JobKey.CHECKPOINTING,
        offloaded ? Checkpointing.OFFLOADED : on ? Checkpointing.FULL : Checkpointing.NONE);
    if (job.compile()) {
      sheet.put("torch_compile", true);
    }
  }

  private static Start start(ResolvedJob job, boolean launched) {
    List<String> packages = Packages.of("trl[peft]==1.16.0", job);
    String command =
        launched
            ? Torchrun.accelerate(job.parallelism(), ACCELERATE)
                + " -m trl.scripts.sft --config "
                + FILE
            : "trl sft --config " + FILE;
    return new Start(packages, command);
  }
}
