package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Carried;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.TrainerWords;
import dev.vramcast.formats.write.train.ZeroFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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
    JobCoverage coverage = new JobCoverage(name(), name(), wanted, AxolotlStage.STAGES);
    OutputKeys output = new OutputKeys();
    List<WrittenFile> files = new ArrayList<>();
    output.put("base_model", coverage.model());
    AxolotlAdapter.put(coverage, output);
    AxolotlStage.put(coverage, output);
    data(coverage, output);
    batch(coverage, output);
    AxolotlKernels.put(coverage, output);
    if (coverage.job().parallelism().strategy().isZero()) {
      output.put("deepspeed", ZERO);
      files.add(ZeroFile.of(coverage, ZERO));
    } else {
      AxolotlSpread.put(coverage, output);
    }
    Carried.into(coverage, output);
    files.add(0, output.yaml(FILE));
    return coverage.done(files, Optional.of(start(coverage.job())));
  }

  private static void data(JobCoverage coverage, OutputKeys output) {
    Map<String, Object> set = new LinkedHashMap<>();
    Optional<String> file = coverage.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
      set.put("path", file.get());
      set.put("ds_type", "json");
      set.put("type", "chat_template");
      coverage.says(JobKey.DATA_FILE);
    } else {
      set.put("path", FileDefaults.DATA_SET);
      set.put("type", "alpaca");
    }
    boolean staged = coverage.stage() != Stage.SFT;
    output.put(
        "datasets", staged && file.isEmpty() ? AxolotlStage.data(coverage.stage()) : List.of(set));
    output.put("val_set_size", 0);
    output.put("output_dir", FileDefaults.OUTPUT);
    output.put("num_epochs", FileDefaults.epochs(coverage));
    FileDefaults.steps(coverage).ifPresent(steps -> output.put("max_steps", steps));
    output.put("learning_rate", FileDefaults.learningRate(coverage.job()));
    FileDefaults.remind(coverage, "learning_rate", "datasets", file);
  }

  private static void batch(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    output.put("sequence_len", job.batch().sequenceLength());
    output.put("micro_batch_size", job.batch().microBatch());
    output.put("gradient_accumulation_steps", job.batch().gradAccum());
    coverage.says(JobKey.SEQUENCE_LENGTH, JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.PADDING);
    if (coverage.stage() != Stage.SFT) {
      coverage.settles(JobKey.PADDING, Padding.LONGEST);
      output.put("sample_packing", false);
    } else {
      padding(job.batch().padding(), output);
    }
    precision(coverage, output);
    TrainerWords.optimizer(coverage, output, "optimizer");
    checkpointing(coverage, output);
    tiles(coverage, output);
  }

  private static void padding(Padding padding, OutputKeys output) {
    switch (padding) {
      case PACKED -> output.put("sample_packing", true);
      case PADDED -> output.put("sample_packing", false).put("pad_to_sequence_len", true);
      case LONGEST -> output.put("sample_packing", false).put("pad_to_sequence_len", false);
    }
  }

  private static void precision(JobCoverage coverage, OutputKeys output) {
    switch (coverage.precision()) {
      case BF16_MIXED -> output.put("bf16", true);
      case BF16 -> {
        // Since 0.19 every way to ask for bf16 turns on autocast: core/builders/base.py.
        output.put("bf16", true);
        coverage.settles(JobKey.PRECISION, Precision.BF16_MIXED);
        return;
      }
      case FP16_MIXED -> {
        output.put("bf16", false).put("fp16", true);
        coverage.settles(JobKey.MODEL_DTYPE, DataType.FP16);
      }
      case FP32 -> {
        output.put("bf16", false).put("fp16", false);
        if (Adapter.isEightBit(coverage)) {
          coverage.settles(JobKey.MODEL_DTYPE, DataType.FP16);
          return;
        }
      }
      case FP16 -> throw coverage.refusal(JobKey.PRECISION, "fp32, bf16, bf16-mixed, fp16-mixed");
    }
    coverage.settles(JobKey.PRECISION, coverage.precision());
  }

  private static void checkpointing(JobCoverage coverage, OutputKeys output) {
    String key = "gradient_checkpointing";
    coverage.says(JobKey.CHECKPOINTING);
    switch (coverage.job().checkpointing()) {
      case NONE -> {
        output.put(key, false);
        return;
      }
      case FULL -> output.put(key, true);
      case SELECTIVE -> output.put(key, true).put("selective_checkpointing", true);
      case OFFLOADED -> output.put(key, true).put("activation_offloading", true);
    }
    output.put("gradient_checkpointing_kwargs.use_reentrant", coverage.job().reentrant());
    coverage.says(JobKey.CHECKPOINTING_REENTRANT);
  }

  private static void tiles(JobCoverage coverage, OutputKeys output) {
    OptionalInt tiles = coverage.job().mlpTiles();
    if (tiles.isPresent()) {
      output.put("tiled_mlp", true).put("tiled_mlp_num_shards", tiles.getAsInt());
    }
    coverage.says(JobKey.TILED_MLP, JobKey.MLP_TILES);
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
