package dev.vramcast.formats.write.train.torchtune;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.ShellText;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.Torchrun;
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
    JobCoverage coverage = new JobCoverage(name(), name(), wanted);
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
    return coverage.done(List.of(output.yaml(FILE)), Optional.of(start(coverage)));
  }

  private static void files(JobCoverage coverage, OutputKeys output, TorchtuneModel model) {
    String folder = FOLDER + coverage.model();
    output.put("tokenizer._component_", "torchtune.models." + model.tokenizer().component());
    for (String argument : model.tokenizer().arguments().split(",")) {
      String[] parts = argument.split("=");
      output.put("tokenizer." + parts[0], folder + "/" + parts[1]);
    }
    output.put("tokenizer.max_seq_len", coverage.job().batch().sequenceLength());
    output.put(
        "checkpointer._component_", "torchtune.training." + model.checkpointer().component());
    output.put("checkpointer.checkpoint_dir", folder);
    if (model.checkpointer().lastFile().isEmpty()) {
      output.put("checkpointer.checkpoint_files", List.of(model.checkpointer().fileFormat()));
    } else {
      output.put(
          "checkpointer.checkpoint_files.filename_format", model.checkpointer().fileFormat());
      output.put("checkpointer.checkpoint_files.max_filename", model.checkpointer().lastFile());
    }
    output.put("checkpointer.recipe_checkpoint", null);
    output.put("checkpointer.output_dir", FileDefaults.OUTPUT);
    output.put("checkpointer.model_type", model.checkpointer().type());
    output.put("resume_from_checkpoint", false);
    coverage.says(JobKey.SEQUENCE_LENGTH);
  }

  private static void data(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    Optional<String> file = coverage.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
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
    boolean packed = job.batch().padding() == Padding.PACKED;
    output.put("dataset.packed", packed);
    coverage.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    output.put("seed", null).put("shuffle", true);
    output.put("batch_size", job.batch().microBatch());
    output.put("gradient_accumulation_steps", job.batch().gradAccum());
    output.put("epochs", FileDefaults.wholeEpochs(coverage));
    output.put("max_steps_per_epoch", null);
    coverage.says(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM);
    FileDefaults.remind(coverage, "optimizer.lr", "dataset", file);
  }

  private static void loss(JobCoverage coverage, OutputKeys output) {
    boolean full = coverage.job().loss() == LossKernel.FULL;
    output.put(
        "loss._component_",
        full ? "torch.nn.CrossEntropyLoss" : "torchtune.modules.loss.CEWithChunkedOutputLoss");
    coverage.settles(JobKey.LOSS, full ? LossKernel.FULL : LossKernel.CHUNKED);
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
    output.put("enable_activation_checkpointing", on);
    output.put("enable_activation_offloading", offloaded);
    coverage.settles(
        JobKey.CHECKPOINTING,
        offloaded ? Checkpointing.OFFLOADED : on ? Checkpointing.FULL : Checkpointing.NONE);
    output.put("compile", job.compile());
    coverage.says(JobKey.COMPILE);
    output.put("metric_logger._component_", "torchtune.training.metric_logging.DiskLogger");
    output.put("metric_logger.log_dir", FileDefaults.OUTPUT + "/logs");
    output.put("log_every_n_steps", 1).put("log_peak_memory_stats", true);
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

  private static Start start(JobCoverage coverage) {
    Parallelism spread = coverage.job().parallelism();
    String kind = coverage.job().adapter().isPresent() ? "lora" : "full";
    boolean many = spread.gpus() > 1;
    String recipe = kind + "_finetune_" + (many ? "distributed" : "single_device");
    String run = "tune run " + (many ? Torchrun.options(spread) + " " : "") + recipe;
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
