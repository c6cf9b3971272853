package dev.vramcast.formats.write.train.trl;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
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
import dev.vramcast.formats.write.train.StageKeys;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.TrainerWords;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Arguments of TRL's scripts, as of 1.16, and accelerate's file. Which script it is, no argument
 * says: the comment above them does.
 */
public final class TrlWriter implements TrainingWriter {

  private static final String FILE = "trl.yaml";
  private static final String ACCELERATE = "trl-accelerate.yaml";

  /** Those with a script in the package: trl/scripts. */
  private static final Set<Stage> STAGES =
      EnumSet.of(Stage.DPO, Stage.KTO, Stage.REWARD, Stage.GRPO, Stage.RLOO);

  @Override
  public String name() {
    return "trl";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    JobCoverage coverage = new JobCoverage(name(), name(), wanted, STAGES);
    OutputKeys output = new OutputKeys();
    ResolvedJob job = coverage.job();
    List<WrittenFile> files = new ArrayList<>();
    boolean launched = job.parallelism().gpus() > 1 || AccelerateKeys.shards(job);
    if (launched) {
      files.add(AccelerateKeys.of(coverage, ACCELERATE));
    }
    output.put("model_name_or_path", coverage.model());
    dtype(coverage, output);
    output.put("attn_implementation", TrainerWords.attention(job.attention()));
    coverage.says(JobKey.ATTENTION);
    TrlAdapter.put(coverage, output);
    data(coverage, output);
    rows(coverage, output);
    step(coverage, output);
    Carried.into(coverage, output);
    boolean staged = coverage.stage() != Stage.SFT;
    if (staged) {
      StageKeys.put(coverage, output, "");
    }
    String script = coverage.stage().label();
    files.add(0, staged ? output.yaml(FILE, "trl " + script + " --config") : output.yaml(FILE));
    return coverage.done(files, Optional.of(start(coverage, launched, script)));
  }

  /** FSDP in mixed precision keeps trained parameters in fp32: accelerate/utils/fsdp_utils.py. */
  private static void dtype(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    output.put("dtype", TrainerWords.dtype(job.weightDtype()));
    boolean fsdp = job.parallelism().strategy().isFsdp();
    if (fsdp && job.autocast() && job.method() == Method.FULL) {
      coverage.settles(JobKey.MODEL_DTYPE, DataType.FP32);
    } else {
      coverage.says(JobKey.MODEL_DTYPE);
    }
    output.put("bf16", coverage.precision() == Precision.BF16_MIXED);
    if (coverage.precision() == Precision.FP16_MIXED) {
      output.put("fp16", true);
    }
    coverage.settles(JobKey.PRECISION, TrainerWords.precision(coverage));
  }

  private static void data(JobCoverage coverage, OutputKeys output) {
    Optional<String> file = coverage.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
      Map<String, Object> set = new LinkedHashMap<>();
      set.put("path", "json");
      set.put("data_files", file.get());
      output.put("datasets", List.of(set));
      coverage.says(JobKey.DATA_FILE);
    } else if (!Carried.isMixture(coverage)) {
      output.put("dataset_name", FileDefaults.dataSet(coverage.stage()));
    }
    if (StageKeys.isOnline(coverage)) {
      output.put("reward_funcs", List.of("accuracy_reward"));
    }
    output.put("output_dir", FileDefaults.OUTPUT).put("report_to", "none");
    output.put("num_train_epochs", FileDefaults.epochs(coverage));
    FileDefaults.steps(coverage).ifPresent(steps -> output.put("max_steps", steps));
    output.put("learning_rate", FileDefaults.learningRate(coverage.job()));
    FileDefaults.remind(coverage, "learning_rate", "dataset_name", file);
  }

  private static void rows(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    // Its other kernels run also where the trainer keeps its own loss.
    boolean liger = coverage.is(JobKey.LOSS, LossKernel.LIGER) || job.loss() == LossKernel.LIGER;
    if (liger) {
      output.put("use_liger_kernel", true);
      coverage.settles(JobKey.LIGER_KERNELS, List.of(LigerKernel.values()));
    }
    if (coverage.stage() != Stage.SFT) {
      if (!StageKeys.isOnline(coverage)) {
        output.put("max_length", job.batch().sequenceLength());
        coverage.says(JobKey.SEQUENCE_LENGTH);
      }
      coverage.settles(JobKey.LOSS, liger ? LossKernel.LIGER : LossKernel.FULL);
      coverage.settles(JobKey.PADDING, Padding.LONGEST);
      return;
    }
    output.put("max_length", job.batch().sequenceLength());
    coverage.says(JobKey.SEQUENCE_LENGTH);
    boolean packed = job.batch().padding() == Padding.PACKED;
    output.put("packing", packed);
    if (packed) {
      // Rows of several examples without a mask between them, where attention takes no lengths.
      boolean lengths = job.attention() == AttentionKernel.FLASH;
      output.put("packing_strategy", lengths ? "bfd" : "wrapped");
    }
    coverage.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    if (!liger) {
      output.put("loss_type", job.loss() == LossKernel.CHUNKED ? "chunked_nll" : "nll");
    }
    // Since 1.15 every loss_type is computed in chunks.
    coverage.settles(JobKey.LOSS, liger ? LossKernel.LIGER : LossKernel.CHUNKED);
  }

  private static void step(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    output.put("per_device_train_batch_size", job.batch().microBatch());
    output.put("gradient_accumulation_steps", job.batch().gradAccum());
    coverage.says(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.COMPILE);
    TrainerWords.optimizer(coverage, output, "optim");
    if (job.method() == Method.GALORE) {
      output.put("optim_target_modules", List.of("attn", "mlp"));
    }
    boolean on = job.checkpointing() != Checkpointing.NONE;
    boolean offloaded = job.checkpointing() == Checkpointing.OFFLOADED;
    output.put("gradient_checkpointing", on);
    if (on) {
      output.put("gradient_checkpointing_kwargs.use_reentrant", job.reentrant());
      coverage.says(JobKey.CHECKPOINTING_REENTRANT);
    }
    if (checkpointsSome(coverage)) {
      output.put("gradient_checkpointing_kwargs.every_n_layers", job.checkpointPlacement().every());
      coverage.says(JobKey.CHECKPOINTING_EVERY);
    }
    if (offloaded) {
      output.put("activation_offloading", true);
    }
    coverage.settles(
        JobKey.CHECKPOINTING,
        offloaded ? Checkpointing.OFFLOADED : on ? Checkpointing.FULL : Checkpointing.NONE);
    if (job.compile()) {
      output.put("torch_compile", true);
    }
  }

  /**
   * Whether layers are left out that the arguments can say, since Transformers 5.24:
   * modeling_utils.py gradient_checkpointing_enable. TRL's own offloading takes all layers.
   */
  private static boolean checkpointsSome(JobCoverage coverage) {
    boolean some = coverage.job().checkpointPlacement().every() > 1;
    return some
        && coverage.job().checkpointing() == Checkpointing.FULL
        && coverage
            .told(JobKey.TRANSFORMERS_VERSION, String.class)
            .filter(version -> !Version.parse(version).atLeast(5, 24))
            .isEmpty();
  }

  private static Start start(JobCoverage coverage, boolean launched, String script) {
    ResolvedJob job = coverage.job();
    List<String> packages = Packages.of(packages(job), job);
    if (checkpointsSome(coverage)) {
      packages.add("transformers>=5.24");
    }
    String command =
        launched
            ? Torchrun.accelerate(job.parallelism(), ACCELERATE)
                + " -m trl.scripts."
                + script
                + " --config "
                + FILE
            : "trl " + script + " --config " + FILE;
    return new Start(packages, command);
  }

  private static String packages(ResolvedJob job) {
    boolean vllm = job.objective().generated().filter(g -> g.engine().isOfItsOwn()).isPresent();
    return vllm ? "trl[peft,vllm]==1.16.0" : "trl[peft]==1.16.0";
  }
}
