package dev.tunefit.cli.command;

import dev.tunefit.answers.report.LimitReport;
import dev.tunefit.answers.request.CardMemory;
import dev.tunefit.answers.request.LimitRequest;
import dev.tunefit.answers.request.ModelsRequest;
import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit max}: the most that a card holds. */
public final class MaxCommand implements Command {

  private static final String BATCH = "--batch";
  private static final String SEQUENCE = "--sequence";
  private static final String MODEL = JobKey.MODEL_ID.flag();

  @Override
  public String name() {
    return "max";
  }

  @Override
  public String summary() {
    return "Find the largest batch, sequence or model that a card holds.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    OptionSpec named = spec.findOption(MODEL);
    spec.remove(named);
    spec.addOption(
        OptionSpec.builder(named)
            .arity("0..1")
            .fallbackValue("")
            .description(named.description()[0] + "; without a name: find the largest model")
            .build());
    spec.addOption(Options.flag(BATCH, "Find the largest micro-batch."));
    spec.addOption(Options.flag(SEQUENCE, "Find the longest sequence."));
    spec.addOption(
        Options.text(CardMemory.MEMORY, "SIZE", "Memory in place of a card, as in 24GB."));
    spec.addOption(
        Options.text(
            FitCommand.HEADROOM, "SIZE", "Memory that must stay free on the card, as in 2GiB."));
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  tunefit max --batch --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  tunefit max --sequence job.yaml --gpu a100-80gb",
            "  tunefit max --model --method full --gpu h100",
            "  tunefit max --memory 24GB");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    boolean anyModel = "".equals(arguments.matchedOptionValue(MODEL, null));
    boolean batch = arguments.hasMatchedOption(BATCH);
    boolean sequence = arguments.hasMatchedOption(SEQUENCE);
    if (Stream.of(anyModel, batch, sequence).filter(asked -> asked).count() > 1) {
      throw new InputException(
          BATCH + ", " + SEQUENCE + " and " + MODEL + " without a name exclude each other");
    }
    JobDocument document =
        JobArguments.document(arguments, anyModel ? Set.of(JobKey.MODEL_ID) : Set.of());
    GpuFinder gpus = LocalGpus.of(console.surroundings().variables());
    CardMemory card = CardMemory.of(document, Options.value(arguments, CardMemory.MEMORY), gpus);
    long keptFree = FitCommand.headroom(arguments);
    boolean named = document.has(JobKey.MODEL_ID) || document.has(JobKey.MODEL_CONFIG);
    if (batch || sequence) {
      JobKey key = batch ? JobKey.MICRO_BATCH : JobKey.SEQUENCE_LENGTH;
      if (arguments.hasMatchedOption(key.flag())) {
        throw new InputException(
            "%s looks for the largest %s, so %s cannot be given too"
                .formatted(batch ? BATCH : SEQUENCE, key.path(), key.flag()));
      }
      LimitReport report =
          new LimitRequest(JobArguments.request(arguments, document, gpus), card, keptFree, key)
              .report();
      return format.print(report, console);
    }
    if (named && !anyModel) {
      throw new InputException(
          "a model is named, so say what is looked for, allowed: " + BATCH + ", " + SEQUENCE);
    }
    ModelsRequest request = new ModelsRequest(document, card, keptFree);
    return format.print(anyModel ? request.largest() : request.ladder(), console);
  }
}
