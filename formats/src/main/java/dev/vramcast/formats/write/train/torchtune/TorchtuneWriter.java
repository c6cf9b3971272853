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
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.Usual;
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
    Said said = new Said(name(), name(), wanted);
    Sheet sheet = new Sheet();
    TorchtuneModel model = TorchtuneModel.of(said);
    said.literal();
    sheet.put("output_dir", Usual.OUTPUT);
    TorchtuneAdapter.put(said, sheet, model);
    files(said, sheet, model);
    data(said, sheet);
    TorchtuneOptimizer.put(said, sheet);
    loss(said, sheet);
    step(said, sheet);
    spread(said, sheet);
    return said.done(List.of(sheet.yaml(FILE)), Optional.of(start(said)));
  }

  private static void files(Said said, Sheet sheet, TorchtuneModel model) {
    String folder = FOLDER + said.model();
    sheet.put("tokenizer._component_", "torchtune.models." + model.tokenizer());
    for (String argument : model.tokenizerArguments().split(",")) {
      String[] parts = argument.split("=");
      sheet.put("tokenizer." + parts[0], folder + "/" + parts[1]);
    }
    sheet.put("tokenizer.max_seq_len", said.job().batch().sequenceLength());
    sheet.put("checkpointer._component_", "torchtune.training." + model.checkpointer());
    sheet.put("checkpointer.checkpoint_dir", folder);
    if (model.lastFile().isEmpty()) {
      sheet.put("checkpointer.checkpoint_files", List.of(model.fileFormat()));
    } else {
      sheet.put("checkpointer.checkpoint_files.filename_format", model.fileFormat());
      sheet.put("checkpointer.checkpoint_files.max_filename", model.lastFile());
    }
    sheet.put("checkpointer.recipe_checkpoint", null);
    sheet.put("checkpointer.output_dir", Usual.OUTPUT);
    sheet.put("checkpointer.model_type", model.type());
    sheet.put("resume_from_checkpoint", false);
    said.says(JobKey.SEQUENCE_LENGTH);
  }

  private static void data(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    Optional<String> file = said.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
      sheet.put("dataset._component_", "torchtune.datasets.chat_dataset");
      sheet.put("dataset.source", "json");
      sheet.put("dataset.data_files", Said.literal(JobKey.DATA_FILE, file.get(), "torchtune"));
      sheet.put("dataset.conversation_column", "messages");
      sheet.put("dataset.conversation_style", "openai");
      said.says(JobKey.DATA_FILE);
    } else {
      sheet.put("dataset._component_", "torchtune.datasets.alpaca_cleaned_dataset");
    }
    boolean packed = job.batch().padding() == Padding.PACKED;
    sheet.put("dataset.packed", packed);
    said.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    sheet.put("seed", null).put("shuffle", true);
    sheet.put("batch_size", job.batch().microBatch());
    sheet.put("gradient_accumulation_steps", job.batch().gradAccum());
    sheet.put("epochs", Usual.wholeEpochs(said));
    sheet.put("max_steps_per_epoch", null);
    said.says(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM);
    Usual.remind(said, "optimizer.lr", "dataset", file);
  }

  private static void loss(Said said, Sheet sheet) {
    boolean full = said.job().loss() == LossKernel.FULL;
    sheet.put(
        "loss._component_",
        full ? "torch.nn.CrossEntropyLoss" : "torchtune.modules.loss.CEWithChunkedOutputLoss");
    said.settles(JobKey.LOSS, full ? LossKernel.FULL : LossKernel.CHUNKED);
  }

  private static void step(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("device", "cuda");
    switch (job.precision()) {
      case FP32 -> sheet.put("dtype", "fp32");
      case BF16, BF16_MIXED -> sheet.put("dtype", "bf16");
      case FP16, FP16_MIXED -> throw said.refusal(JobKey.PRECISION, "fp32, bf16");
    }
    said.settles(JobKey.PRECISION, job.computeDtype().label());
    boolean on = job.checkpointing() != Checkpointing.NONE;
    boolean offloaded = job.checkpointing() == Checkpointing.OFFLOADED;
    sheet.put("enable_activation_checkpointing", on);
    sheet.put("enable_activation_offloading", offloaded);
    said.settles(
        JobKey.CHECKPOINTING,
        offloaded ? Checkpointing.OFFLOADED : on ? Checkpointing.FULL : Checkpointing.NONE);
    sheet.put("compile", job.compile());
    said.says(JobKey.COMPILE);
    sheet.put("metric_logger._component_", "torchtune.training.metric_logging.DiskLogger");
    sheet.put("metric_logger.log_dir", Usual.OUTPUT + "/logs");
    sheet.put("log_every_n_steps", 1).put("log_peak_memory_stats", true);
  }

  /** Every distributed recipe shards with FSDP2. */
  private static void spread(Said said, Sheet sheet) {
    Parallelism spread = said.job().parallelism();
    if (spread.gpus() == 1) {
      return;
    }
    boolean offload = spread.offload().contains(OffloadTarget.PARAMETERS);
    sheet.put("fsdp_cpu_offload", offload);
    sheet.put("fsdp_reshard_after_forward", spread.reshardAfterForward());
    if (said.job().method() == Method.FULL && spread.tensor() > 1) {
      sheet.put("tensor_parallel_dim", spread.tensor());
      sheet.put("tensor_parallel_plan._component_", "torchtune.models.llama3.base_llama_tp_plan");
      said.says(JobKey.TENSOR);
    }
    said.settles(JobKey.STRATEGY, Strategy.FSDP2);
    said.says(JobKey.RESHARD_AFTER_FORWARD);
    said.settles(JobKey.OFFLOAD, offload ? List.of(OffloadTarget.PARAMETERS) : List.of());
  }

  private static Start start(Said said) {
    Parallelism spread = said.job().parallelism();
    String kind = said.job().adapter().isPresent() ? "lora" : "full";
    boolean many = spread.gpus() > 1;
    String recipe = kind + "_finetune_" + (many ? "distributed" : "single_device");
    String run = "tune run " + (many ? Torchrun.options(spread) + " " : "") + recipe;
    String download =
        "tune download "
            + ShellText.quote(said.model())
            + " --output-dir "
            + ShellText.quote(FOLDER + said.model())
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
