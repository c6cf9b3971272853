package dev.vramcast.formats.write.train.swift;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
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
import dev.vramcast.formats.write.train.Carried;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.Packages;
import dev.vramcast.formats.write.train.TrainerWords;
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
    JobCoverage coverage = new JobCoverage(name(), name(), wanted, SwiftStage.STAGES);
    OutputKeys output = new OutputKeys();
    ResolvedJob job = coverage.job();
    output.put("model", coverage.model()).put("use_hf", true);
    output.put("torch_dtype", TrainerWords.dtype(job.weightDtype()));
    precision(coverage, output);
    output.put("attn_impl", TrainerWords.attention(job.attention()));
    coverage.says(JobKey.ATTENTION);
    SwiftAdapter.put(coverage, output);
    SwiftStage.put(coverage, output);
    data(coverage, output);
    step(coverage, output);
    List<WrittenFile> files = new ArrayList<>();
    checkpointing(coverage, output, SwiftSpread.put(coverage, output, files));
    Carried.into(coverage, output);
    files.add(0, output.yaml(FILE));
    return coverage.done(files, Optional.of(start(job, coverage.stage())));
  }

  private static void precision(JobCoverage coverage, OutputKeys output) {
    Precision precision = coverage.precision();
    output.put("bf16", precision == Precision.BF16_MIXED);
    output.put("fp16", precision == Precision.FP16_MIXED);
    ResolvedJob job = coverage.job();
    Strategy strategy = job.parallelism().strategy();
    boolean sharded = strategy.isFsdp();
    coverage.settles(JobKey.PRECISION, TrainerWords.precision(coverage));
    if (sharded && job.method() == Method.FULL && job.autocast()) {
      // accelerate/utils/fsdp_utils.py keeps trained parameters in fp32.
      coverage.settles(JobKey.MODEL_DTYPE, DataType.FP32);
    } else {
      coverage.says(JobKey.MODEL_DTYPE);
    }
  }

  private static void data(JobCoverage coverage, OutputKeys output) {
    Optional<String> file = coverage.wanted(JobKey.DATA_FILE, String.class);
    coverage.says(JobKey.DATA_FILE);
    boolean staged = coverage.stage() != Stage.SFT;
    String usual = staged ? SwiftStage.data(coverage.stage()) : FileDefaults.DATA_SET;
    output.put("dataset", List.of(file.orElse(usual)));
    ResolvedJob job = coverage.job();
    length(coverage, output);
    boolean packed = !staged && job.batch().padding() == Padding.PACKED;
    if (!staged) {
      output.put("packing", packed);
    }
    coverage.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    output.put("output_dir", FileDefaults.OUTPUT);
    output.put("num_train_epochs", FileDefaults.epochs(coverage));
    FileDefaults.steps(coverage).ifPresent(steps -> output.put("max_steps", steps));
    output.put("learning_rate", FileDefaults.learningRate(job));
    FileDefaults.remind(coverage, "learning_rate", "dataset", file);
  }

  /** Of prompts alone where completions are generated: swift/rlhf_trainers/rollout_mixin.py. */
  private static void length(JobCoverage coverage, OutputKeys output) {
    int length = coverage.job().batch().sequenceLength();
    if (!SwiftStage.generates(coverage)) {
      output.put("max_length", length);
      coverage.says(JobKey.SEQUENCE_LENGTH);
      return;
    }
    int completion =
        coverage
            .wanted(JobKey.COMPLETION_LENGTH, Integer.class)
            .filter(tokens -> tokens < length)
            .orElse(Math.max(1, length / 2));
    int prompt = Math.max(1, length - completion);
    output.put("max_length", prompt);
    output.put("max_completion_length", completion);
    coverage.settles(JobKey.PROMPT_LENGTH, prompt);
    coverage.settles(JobKey.COMPLETION_LENGTH, completion);
    coverage.settles(JobKey.SEQUENCE_LENGTH, prompt + completion);
  }

  private static void step(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    output.put("per_device_train_batch_size", job.batch().microBatch());
    output.put("gradient_accumulation_steps", job.batch().gradAccum());
    coverage.says(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.COMPILE);
    TrainerWords.optimizer(coverage, output, "optim");
    if (job.compile()) {
      output.put("torch_compile", true);
    }
    if (job.loss() == LossKernel.LIGER) {
      output.put("use_liger_kernel", true);
      coverage.says(JobKey.LOSS);
      coverage.settles(JobKey.LIGER_KERNELS, List.of(LigerKernel.values()));
    }
  }

  private static void checkpointing(JobCoverage coverage, OutputKeys output, boolean byFsdp) {
    ResolvedJob job = coverage.job();
    boolean on = byFsdp || job.checkpointing() != Checkpointing.NONE;
    coverage.settles(JobKey.CHECKPOINTING, on ? Checkpointing.FULL : Checkpointing.NONE);
    output.put("gradient_checkpointing", on && !byFsdp);
    if (on && !byFsdp) {
      output.put("gradient_checkpointing_kwargs.use_reentrant", job.reentrant());
      coverage.says(JobKey.CHECKPOINTING_REENTRANT);
    }
  }

  private static Start start(ResolvedJob job, Stage stage) {
    Parallelism spread = job.parallelism();
    List<String> packages = Packages.of("ms-swift==4.6.0", job);
    int each = spread.gpus() / spread.nodes();
    String processes = spread.gpus() > 1 ? "NPROC_PER_NODE=" + each + " " : "";
    String command = stage == Stage.SFT ? "swift sft " : "swift rlhf ";
    return new Start(packages, processes + command + FILE);
  }
}
