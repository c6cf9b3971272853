package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.TrainerWords;
import dev.vramcast.formats.write.train.Usual;
import dev.vramcast.formats.write.train.ZeroFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Axolotl's YAML; keys as in src/axolotl/utils/schemas of 0.19. */
public final class AxolotlWriter implements TrainingWriter {

  private static final String FILE = "axolotl.yaml";
  private static final String ZERO = "axolotl-deepspeed.json";

  @Override
  public String name() {
    return "axolotl";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    Said said = new Said(name(), name(), wanted);
    Sheet sheet = new Sheet();
    List<WrittenFile> files = new ArrayList<>();
    sheet.put("base_model", said.model());
    AxolotlAdapter.put(said, sheet);
    data(said, sheet);
    batch(said, sheet);
    AxolotlKernels.put(said, sheet);
    if (said.job().parallelism().strategy().isZero()) {
      sheet.put("deepspeed", ZERO);
      files.add(ZeroFile.of(said, ZERO));
    } else {
      AxolotlSpread.put(said, sheet);
    }
    files.add(0, sheet.yaml(FILE));
    return said.done(files, Optional.of(start(said.job())));
  }

  private static void data(Said said, Sheet sheet) {
    Map<String, Object> set = new LinkedHashMap<>();
    Optional<String> file = said.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
      set.put("path", file.get());
      set.put("ds_type", "json");
      set.put("type", "chat_template");
      said.says(JobKey.DATA_FILE);
    } else {
      set.put("path", Usual.DATA_SET);
      set.put("type", "alpaca");
    }
    sheet.put("datasets", List.of(set));
    sheet.put("val_set_size", 0);
    sheet.put("output_dir", Usual.OUTPUT);
    sheet.put("num_epochs", Usual.epochs(said));
    sheet.put("learning_rate", Usual.learningRate(said.job()));
    Usual.remind(said, "learning_rate", "datasets", file);
  }

  private static void batch(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("sequence_len", job.batch().sequenceLength());
    sheet.put("micro_batch_size", job.batch().microBatch());
    sheet.put("gradient_accumulation_steps", job.batch().gradAccum());
    said.says(JobKey.SEQUENCE_LENGTH, JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.PADDING);
    switch (job.batch().padding()) {
      case PACKED -> sheet.put("sample_packing", true);
      case PADDED -> sheet.put("sample_packing", false).put("pad_to_sequence_len", true);
      case LONGEST -> sheet.put("sample_packing", false).put("pad_to_sequence_len", false);
    }
    precision(said, sheet);
    TrainerWords.optimizer(said, sheet, "optimizer");
    checkpointing(said, sheet);
  }

  private static void precision(Said said, Sheet sheet) {
    switch (said.precision()) {
      case BF16_MIXED -> sheet.put("bf16", true);
      case BF16 -> {
        // Since 0.19 every way to ask for bf16 turns on autocast: core/builders/base.py.
        sheet.put("bf16", true);
        said.settles(JobKey.PRECISION, Precision.BF16_MIXED);
        return;
      }
      case FP16_MIXED -> {
        sheet.put("bf16", false).put("fp16", true);
        said.settles(JobKey.MODEL_DTYPE, DataType.FP16);
      }
      case FP32 -> {
        sheet.put("bf16", false).put("fp16", false);
        if (Adapter.isEightBit(said)) {
          said.settles(JobKey.MODEL_DTYPE, DataType.FP16);
          return;
        }
      }
      case FP16 -> throw said.refusal(JobKey.PRECISION, "fp32, bf16, bf16-mixed, fp16-mixed");
    }
    said.settles(JobKey.PRECISION, said.precision());
  }

  private static void checkpointing(Said said, Sheet sheet) {
    String key = "gradient_checkpointing";
    said.says(JobKey.CHECKPOINTING);
    switch (said.job().checkpointing()) {
      case NONE -> {
        sheet.put(key, false);
        return;
      }
      case FULL -> sheet.put(key, true);
      case SELECTIVE -> sheet.put(key, true).put("selective_checkpointing", true);
      case OFFLOADED -> sheet.put(key, true).put("activation_offloading", true);
    }
    sheet.put("gradient_checkpointing_kwargs.use_reentrant", said.job().reentrant());
    said.says(JobKey.CHECKPOINTING_REENTRANT);
  }

  /** The command line starts one process per GPU by itself, and torchrun over several machines. */
  private static Start start(ResolvedJob job) {
    int nodes = job.parallelism().nodes();
    String command = "axolotl train " + FILE;
    if (nodes > 1) {
      command += " --launcher torchrun -- " + Torchrun.options(job.parallelism());
    }
    List<String> extras = new ArrayList<>();
    if (job.attention() == AttentionKernel.FLASH) {
      extras.add("flash-attn");
    }
    if (job.parallelism().strategy().isZero()) {
      extras.add("deepspeed");
    }
    String names = extras.isEmpty() ? "" : "[" + String.join(",", extras) + "]";
    return new Start(List.of("axolotl" + names + "==0.19.0"), command);
  }
}
