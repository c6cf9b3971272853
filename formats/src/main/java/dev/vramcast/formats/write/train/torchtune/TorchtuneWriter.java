package dev.vramcast.formats.write.train.torchtune;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.time.work.TrainingData;
import dev.vramcast.formats.write.ShellText;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.Carried;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.Torchrun;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** torchtune's YAML for its recipes, as of 0.6.1. */
public final class TorchtuneWriter implements TrainingWriter {

  private static final String FILE = "torchtune.yaml";
  private static final String FOLDER = "checkpoints/";

  @Override
  public String name() {
    return "torchtune";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    JobCoverage coverage = new JobCoverage(name(), name(), wanted, EnumSet.of(Stage.DPO));
    OutputKeys output = new OutputKeys();
    TorchtuneModel model = TorchtuneModel.of(coverage);
    coverage.literal();
    output.put("output_dir", FileDefaults.OUTPUT);
    TorchtuneAdapter.put(coverage, output, model);
    files(coverage, output, model);
    data(coverage, output);
    TorchtuneOptimizer.put(coverage, output);
    loss(coverage, output);
    step(coverage, output);
    spread(coverage, output);
    Carried.into(coverage, output);
    boolean staged = coverage.stage() != Stage.SFT;
    WrittenFile file = staged ? output.yaml(FILE, run(coverage) + " --config") : output.yaml(FILE);
    return coverage.done(List.of(file), Optional.of(start(coverage)));
  }

  private static void files(JobCoverage coverage, OutputKeys output, TorchtuneModel model) {
    String folder = FOLDER + coverage.model();
    output.put("tokenizer._component_", "torchtune.models." + model.tokenizer().component());
    for (String argument : model.tokenizer().arguments().split(",")) {
      String[] parts = argument.split("=");
      output.put("tokenizer." + parts[0], folder + "/" + parts[1]);
    }
    output.put("tokenizer.max_seq_len", coverage.job().batch().sequenceLength());
    checkpointer(output, model, folder, "checkpointer.");
    if (coverage.stage() == Stage.DPO && coverage.job().adapter().isEmpty()) {
      // recipes/full_dpo_distributed.py loads the reference from here.
      checkpointer(output, model, folder, "ref_checkpointer.");
    }
    output.put("resume_from_checkpoint", false);
    coverage.says(JobKey.SEQUENCE_LENGTH);
  }

  private static void checkpointer(
      OutputKeys output, TorchtuneModel model, String folder, String section) {
    output.put(section + "_component_", "torchtune.training." + model.checkpointer().component());
    output.put(section + "checkpoint_dir", folder);
    if (model.checkpointer().lastFile().isEmpty()) {
      output.put(section + "checkpoint_files", List.of(model.checkpointer().fileFormat()));
    } else {
      output.put(section + "checkpoint_files.filename_format", model.checkpointer().fileFormat());
      output.put(section + "checkpoint_files.max_filename", model.checkpointer().lastFile());
    }
    output.put(section + "recipe_checkpoint", null);
    output.put(section + "output_dir", FileDefaults.OUTPUT);
    output.put(section + "model_type", model.checkpointer().type());
  }

  private static void data(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    Optional<String> file = coverage.wanted(JobKey.DATA_FILE, String.class);
    boolean staged = coverage.stage() != Stage.SFT;
    if (staged) {
      output.put("dataset._component_", "torchtune.datasets.stack_exchange_paired_dataset");
    } else if (file.isPresent()) {
      output.put("dataset._component_", "torchtune.datasets.chat_dataset");
      output.put("dataset.source", "json");
      output.put(
          "dataset.data_files", JobCoverage.literal(JobKey.DATA_FILE, file.get(), "torchtune"));
      output.put("dataset.conversation_column", "messages");
      output.put("dataset.conversation_style", "openai");
      coverage.says(JobKey.DATA_FILE);
    } else {
      output.put("dataset._component_", "torchtune.datasets.alpaca_cleaned_dataset");
    }
    boolean packed = !staged && job.batch().padding() == Padding.PACKED;
    if (!staged) {
      output.put("dataset.packed", packed);
    }
    coverage.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    output.put("seed", null).put("shuffle", true);
    output.put("batch_size", job.batch().microBatch());
    output.put("gradient_accumulation_steps", job.batch().gradAccum());
    length(coverage, output);
    coverage.says(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM);
    FileDefaults.remind(coverage, "optimizer.lr", "dataset", file);
  }

  /** Steps can only cut an epoch off, so a run of one ends where its data do. */
  private static void length(JobCoverage coverage, OutputKeys output) {
    int epochs = FileDefaults.wholeEpochs(coverage);
    Optional<Integer> steps = FileDefaults.steps(coverage);
    output.put("epochs", steps.isPresent() ? 1 : epochs);
    output.put("max_steps_per_epoch", steps.orElse(null));
    steps
        .filter(count -> !isWithinData(coverage, count))
        .ifPresent(
            count ->
                coverage.warn(
                    "max_steps_per_epoch is ",
                    count,
                    ", of one epoch: where the data are fewer steps the run ends with them, and"
                        + " epochs has to be as many as make up for that"));
  }

  /** Packed rows hold several examples, nobody says how many. */
  private static boolean isWithinData(JobCoverage coverage, int steps) {
    ResolvedJob job = coverage.job();
    double seen = TrainingData.examplesOf(steps, job);
    return job.batch().padding() != Padding.PACKED
        && coverage
            .wanted(JobKey.EXAMPLES, Number.class)
            .filter(all -> seen <= all.doubleValue())
            .isPresent();
  }

  private static void loss(JobCoverage coverage, OutputKeys output) {
    if (coverage.stage() == Stage.DPO) {
      preference(coverage, output);
      return;
    }
    boolean full = coverage.job().loss() == LossKernel.FULL;
    output.put(
        "loss._component_",
        full ? "torch.nn.CrossEntropyLoss" : "torchtune.modules.loss.CEWithChunkedOutputLoss");
    coverage.settles(JobKey.LOSS, full ? LossKernel.FULL : LossKernel.CHUNKED);
  }

  /** torchtune/rlhf/loss/dpo.py; the recipe has the reference from the adapters, or a copy. */
  private static void preference(JobCoverage coverage, OutputKeys output) {
    List<String> types = coverage.words(JobKey.LOSS_TYPE);
    if (!types.isEmpty() && !types.equals(List.of("sigmoid"))) {
      throw coverage.refusal(JobKey.LOSS_TYPE, "sigmoid");
    }
    if (coverage.is(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED)) {
      throw coverage.refusal(JobKey.REFERENCE, "adapter-off, copy");
    }
    output.put("loss._component_", "torchtune.rlhf.loss.DPOLoss");
    coverage.wanted(JobKey.BETA, Double.class).ifPresent(beta -> output.put("loss.beta", beta));
    coverage
        .wanted(JobKey.LABEL_SMOOTHING, Double.class)
        .ifPresent(share -> output.put("loss.label_smoothing", share));
    coverage.says(JobKey.BETA, JobKey.LABEL_SMOOTHING);
    coverage.settles(JobKey.LOSS_TYPE, List.of("sigmoid"));
    coverage.settles(JobKey.LOSS, LossKernel.FULL);
  }

  private static void step(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    output.put("device", "cuda");
    switch (job.precision()) {
      case FP32 -> output.put("dtype", "fp32");
      case BF16, BF16_MIXED -> output.put("dtype", "bf16");
      case FP16, FP16_MIXED -> throw coverage.refusal(JobKey.PRECISION, "fp32, bf16");
    }
    coverage.settles(JobKey.PRECISION, job.computeDtype().label());
    boolean on = job.checkpointing() != Checkpointing.NONE;
    boolean offloaded = job.checkpointing() == Checkpointing.OFFLOADED;
    boolean some = checkpointsSome(coverage);
    output.put("enable_activation_checkpointing", on && !some);
    output.put("enable_activation_offloading", offloaded);
    coverage.settles(
        JobKey.CHECKPOINTING,
        offloaded ? Checkpointing.OFFLOADED : on ? Checkpointing.FULL : Checkpointing.NONE);
    if (some) {
      output.put("ac_mode", "selective").put("ac_option", job.checkpointPlacement().every());
      coverage.says(JobKey.CHECKPOINTING_EVERY);
    }
    output.put("compile", job.compile());
    coverage.says(JobKey.COMPILE);
    output.put("metric_logger._component_", "torchtune.training.metric_logging.DiskLogger");
    output.put("metric_logger.log_dir", FileDefaults.OUTPUT + "/logs");
    output.put("log_every_n_steps", 1).put("log_peak_memory_stats", true);
  }

  /**
   * Whether layers are left out that the recipe can leave out, which is
   * recipes/full_finetune_distributed.py alone; with checkpoints enabled it reads no ac_mode.
   */
  private static boolean checkpointsSome(JobCoverage coverage) {
    ResolvedJob job = coverage.job();
    boolean recipe =
        coverage.stage() != Stage.DPO && job.adapter().isEmpty() && job.parallelism().gpus() > 1;
    return recipe
        && job.checkpointing() == Checkpointing.FULL
        && job.checkpointPlacement().every() > 1;
  }

  /** Every distributed recipe shards with FSDP2. */
  private static void spread(JobCoverage coverage, OutputKeys output) {
    Parallelism spread = coverage.job().parallelism();
    if (spread.gpus() == 1) {
      return;
    }
    boolean offload = spread.offload().contains(OffloadTarget.PARAMETERS);
    output.put("fsdp_cpu_offload", offload);
    output.put("fsdp_reshard_after_forward", spread.reshardAfterForward());
    if (coverage.job().method() == Method.FULL && spread.tensor() > 1) {
      output.put("tensor_parallel_dim", spread.tensor());
      output.put("tensor_parallel_plan._component_", "torchtune.models.llama3.base_llama_tp_plan");
      coverage.says(JobKey.TENSOR);
    }
    coverage.settles(JobKey.STRATEGY, Strategy.FSDP2);
    coverage.says(JobKey.RESHARD_AFTER_FORWARD);
    coverage.settles(JobKey.OFFLOAD, offload ? List.of(OffloadTarget.PARAMETERS) : List.of());
  }

  private static String run(JobCoverage coverage) {
    Parallelism spread = coverage.job().parallelism();
    boolean adapters = coverage.job().adapter().isPresent();
    String kind = adapters ? "lora" : "full";
    boolean many = spread.gpus() > 1;
    if (coverage.stage() == Stage.DPO && !many && !adapters) {
      // There is no full_dpo_single_device.
      throw coverage.refusal(JobKey.METHOD, "lora, qlora, dora, or several GPUs");
    }
    String what = coverage.stage() == Stage.DPO ? "_dpo_" : "_finetune_";
    String recipe = kind + what + (many ? "distributed" : "single_device");
    return "tune run " + (many ? Torchrun.options(spread) + " " : "") + recipe;
  }

  private static Start start(JobCoverage coverage) {
    String run = run(coverage);
    String download =
        "tune download "
            + ShellText.quote(coverage.model())
            + " --output-dir "
            + ShellText.quote(FOLDER + coverage.model())
            + " --ignore-patterns none";
    return new Start(
        List.of(
            "torchtune==0.6.1",
            "torch==2.6.0",
            "torchao==0.9.0",
            "torchvision==0.21.0",
            "bitsandbytes"),
        download + "\n" + run + " --config " + FILE);
  }
}
