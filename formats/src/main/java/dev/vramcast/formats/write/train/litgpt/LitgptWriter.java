package dev.vramcast.formats.write.train.litgpt;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.formats.write.ShellText;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Carried;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.Torchrun;
import java.util.List;
import java.util.Optional;

/** LitGPT's YAML: the arguments of litgpt/finetune of 0.5.13. */
public final class LitgptWriter implements TrainingWriter {

  private static final String FILE = "litgpt.yaml";

  @Override
  public String name() {
    return "litgpt";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    JobCoverage coverage = new JobCoverage(name(), name(), wanted);
    OutputKeys output = new OutputKeys();
    ResolvedJob job = coverage.job();
    Parallelism spread = job.parallelism();
    output.put("checkpoint_dir", "checkpoints/" + coverage.model());
    output.put("out_dir", FileDefaults.OUTPUT);
    precision(coverage, output);
    output.put("devices", spread.gpus() / spread.nodes()).put("num_nodes", spread.nodes());
    LitgptAdapter.put(coverage, output);
    data(coverage, output);
    train(coverage, output);
    optimizer(coverage, output);
    Carried.into(coverage, output);
    return coverage.done(List.of(output.yaml(FILE)), Optional.of(start(coverage)));
  }

  private static void precision(JobCoverage coverage, OutputKeys output) {
    output.put(
        "precision",
        switch (coverage.job().precision()) {
          case BF16 -> "bf16-true";
          case FP32 -> "32-true";
          case FP16 -> "16-true";
          // Quantisation is refused beside autocast.
          case BF16_MIXED -> coverage.job().quantization().isNone() ? "bf16-mixed" : "bf16-true";
          case FP16_MIXED -> coverage.job().quantization().isNone() ? "16-mixed" : "16-true";
        });
    boolean pure = !coverage.job().quantization().isNone();
    coverage.settles(
        JobKey.PRECISION,
        pure ? coverage.job().computeDtype().label() : coverage.job().precision().label());
  }

  private static void data(JobCoverage coverage, OutputKeys output) {
    Optional<String> file = coverage.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
      output.put("data.class_path", "litgpt.data.JSON");
      output.put("data.init_args.json_path", file.get());
      output.put("data.init_args.val_split_fraction", 0.01);
      coverage.says(JobKey.DATA_FILE);
    } else {
      output.put("data.class_path", "litgpt.data.Alpaca2k");
    }
    FileDefaults.remind(coverage, "optimizer", "data", file);
  }

  private static void train(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    long rows = (long) job.batch().microBatch() * job.batch().gradAccum();
    output.put("train.global_batch_size", rows * job.parallelism().gpus());
    output.put("train.micro_batch_size", job.batch().microBatch());
    output.put("train.epochs", FileDefaults.wholeEpochs(coverage));
    FileDefaults.steps(coverage).ifPresent(steps -> output.put("train.max_steps", steps));
    output.put("train.max_seq_length", job.batch().sequenceLength());
    coverage.says(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.SEQUENCE_LENGTH);
    coverage.settles(JobKey.PADDING, Padding.LONGEST);
  }

  private static void optimizer(JobCoverage coverage, OutputKeys output) {
    OptimizerName name = coverage.job().optimizer().name();
    // litgpt/utils.py instantiate_bnb_optimizer takes AdamW alone, and pages it.
    boolean paged = Adapter.isFourBit(coverage) || Adapter.isEightBit(coverage);
    String type =
        switch (paged ? OptimizerName.ADAMW : name) {
          case ADAMW -> "torch.optim.AdamW";
          case ADAMW_8BIT -> "bitsandbytes.optim.AdamW8bit";
          case PAGED_ADAMW -> "bitsandbytes.optim.PagedAdamW";
          case PAGED_ADAMW_8BIT -> "bitsandbytes.optim.PagedAdamW8bit";
          case LION -> "bitsandbytes.optim.Lion";
          case LION_8BIT -> "bitsandbytes.optim.Lion8bit";
          case SGD -> "torch.optim.SGD";
          case ADAFACTOR -> "torch.optim.Adafactor";
          default ->
              throw coverage.refusal(
                  JobKey.OPTIMIZER_NAME,
                  "adamw, adamw-8bit, paged-adamw, paged-adamw-8bit, lion, lion-8bit, sgd,"
                      + " adafactor");
        };
    output.put("optimizer.class_path", type);
    output.put("optimizer.init_args.lr", FileDefaults.learningRate(coverage.job()));
    if (paged) {
      coverage.settles(JobKey.OPTIMIZER_NAME, OptimizerName.PAGED_ADAMW);
    } else {
      coverage.says(JobKey.OPTIMIZER_NAME);
    }
  }

  private static Start start(JobCoverage coverage) {
    Parallelism spread = coverage.job().parallelism();
    String command = "finetune_" + (coverage.job().adapter().isPresent() ? "lora" : "full");
    String prefix = spread.nodes() > 1 ? "torchrun " + Torchrun.options(spread) + " -m " : "";
    return new Start(
        List.of("litgpt[extra]==0.5.13"),
        "litgpt download "
            + ShellText.quote(coverage.model())
            + "\n"
            + prefix
            + "litgpt "
            + command
            + " --config "
            + FILE);
  }
}
