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
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.Usual;
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
    Said said = new Said(name(), name(), wanted);
    Sheet sheet = new Sheet();
    ResolvedJob job = said.job();
    Parallelism spread = job.parallelism();
    sheet.put("checkpoint_dir", "checkpoints/" + said.model());
    sheet.put("out_dir", Usual.OUTPUT);
    precision(said, sheet);
    sheet.put("devices", spread.gpus() / spread.nodes()).put("num_nodes", spread.nodes());
    LitgptAdapter.put(said, sheet);
    data(said, sheet);
    train(said, sheet);
    optimizer(said, sheet);
    return said.done(List.of(sheet.yaml(FILE)), Optional.of(start(said)));
  }

  private static void precision(Said said, Sheet sheet) {
    sheet.put(
        "precision",
        switch (said.job().precision()) {
          case BF16 -> "bf16-true";
          case FP32 -> "32-true";
          case FP16 -> "16-true";
          // Quantisation is refused beside autocast.
          case BF16_MIXED -> said.job().quantization().isNone() ? "bf16-mixed" : "bf16-true";
          case FP16_MIXED -> said.job().quantization().isNone() ? "16-mixed" : "16-true";
        });
    boolean pure = !said.job().quantization().isNone();
    said.settles(
        JobKey.PRECISION,
        pure ? said.job().computeDtype().label() : said.job().precision().label());
  }

  private static void data(Said said, Sheet sheet) {
    Optional<String> file = said.wanted(JobKey.DATA_FILE, String.class);
    if (file.isPresent()) {
      sheet.put("data.class_path", "litgpt.data.JSON");
      sheet.put("data.init_args.json_path", file.get());
      sheet.put("data.init_args.val_split_fraction", 0.01);
      said.says(JobKey.DATA_FILE);
    } else {
      sheet.put("data.class_path", "litgpt.data.Alpaca2k");
    }
    Usual.remind(said, "optimizer", "data", file);
  }

  private static void train(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    long rows = (long) job.batch().microBatch() * job.batch().gradAccum();
    sheet.put("train.global_batch_size", rows * job.parallelism().gpus());
    sheet.put("train.micro_batch_size", job.batch().microBatch());
    sheet.put("train.epochs", Usual.wholeEpochs(said));
    sheet.put("train.max_seq_length", job.batch().sequenceLength());
    said.says(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM, JobKey.SEQUENCE_LENGTH);
    said.settles(JobKey.PADDING, Padding.LONGEST);
  }

  private static void optimizer(Said said, Sheet sheet) {
    OptimizerName name = said.job().optimizer().name();
    // litgpt/utils.py instantiate_bnb_optimizer takes AdamW alone, and pages it.
    boolean paged = Adapter.isFourBit(said) || Adapter.isEightBit(said);
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
          case ADAMW_4BIT, MUON, GALORE, NONE ->
              throw said.refusal(
                  JobKey.OPTIMIZER_NAME,
                  "adamw, adamw-8bit, paged-adamw, paged-adamw-8bit, lion, lion-8bit, sgd,"
                      + " adafactor");
        };
    sheet.put("optimizer.class_path", type);
    sheet.put("optimizer.init_args.lr", Usual.learningRate(said.job()));
    if (paged) {
      said.settles(JobKey.OPTIMIZER_NAME, OptimizerName.PAGED_ADAMW);
    } else {
      said.says(JobKey.OPTIMIZER_NAME);
    }
  }

  private static Start start(Said said) {
    Parallelism spread = said.job().parallelism();
    String command = "finetune_" + (said.job().adapter().isPresent() ? "lora" : "full");
    String prefix = spread.nodes() > 1 ? "torchrun " + Torchrun.options(spread) + " -m " : "";
    return new Start(
        List.of("litgpt[extra]==0.5.13"),
        "litgpt download "
            + ShellText.quote(said.model())
            + "\n"
            + prefix
            + "litgpt "
            + command
            + " --config "
            + FILE);
  }
}
